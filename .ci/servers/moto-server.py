"""moto's server, with what real Glue answers and Trino cannot do without. Everything else is moto's own."""

import sys

from moto.core.responses import ActionResult
from moto.glue.models import FakePartition, FakeTable
from moto.glue.responses import GlueResponse
from moto.server import main


def with_bucket_count(as_dict):
    """Glue fills in NumberOfBuckets, and Trino reads it unchecked. Glue does not fill in SerdeInfo, so neither do we."""

    def filled(self, *args):
        answer = as_dict(self, *args)
        if "StorageDescriptor" in answer:
            answer["StorageDescriptor"] = {"NumberOfBuckets": 0, **answer["StorageDescriptor"]}
        return answer

    return filled


def with_unprocessed_keys(batch_get_partition):
    """Trino reads UnprocessedKeys of BatchGetPartition unchecked."""

    def filled(self):
        return ActionResult({"UnprocessedKeys": [], **batch_get_partition(self).result})

    return filled


FakeTable.as_dict = with_bucket_count(FakeTable.as_dict)
FakePartition.as_dict = with_bucket_count(FakePartition.as_dict)
GlueResponse.batch_get_partition = with_unprocessed_keys(GlueResponse.batch_get_partition)

main(sys.argv[1:])
