/** A log file's text with one of everything that the record has a shape for. */
export const SAMPLE_TEXT =
  '{"a":[],"Records":[{"eventName":"n\\u00e9é","userIdentity":{"type":"t","sessionContext":{"webIdFederationData":' +
  '{"attributes":{"k":"v"}}}},"resources":[{"ARN":"x"},null],"requestParameters":{"a":[1.50,true,null]}}, {"zz":-1e5}]}';

function record(members: string): string {
  return `{"Records":[{${members}}]}`;
}

function listTexts(): (string | Buffer)[] {
  return [...WHOLE, ...listNumbers(), ...MEMBERS.map(record), ...listLarge(), ...listBytes()];
}

const WHOLE = [
  "",
  " ",
  "5",
  "null",
  "[]",
  "{}",
  '"Records"',
  '{"Records":null}',
  '{"Records":{}}',
  '{"records":[]}',
  ...["", "null", "5", '"x"', "[]", "{}", "{},{}", "{},", "{} {}", ",{}"].map(
    (list) => `{"Records":[${list}]}`,
  ),
  '{"a":1,"Records":[{"eventName":"n"}],"b":{"Records":[{}]}}',
  '{"Records":[],"Records":[{}]}',
  '{"\\u0052ecords":[{"eventName":"escaped"}]}',
  ...["\ufeff", "\ufeff\ufeff", " \t\r\n", "x"].map((before) => `${before}{"Records":[{"eventName":"a"}]}`),
  ...["x", "\0", "}", "]", ",", " ", "\n", "\ufeff"].map(
    (after) => `{"Records":[{"eventName":"a"}]}${after}`,
  ),
  '{"Records":[{"eventName":"a"}]}{"Records":[{"eventName":"b"}]}',
  '{"Records":[{"eventName":"a"}]}\n{"Records":[{"eventName":"b"}]}\n',
  '{"Records":[{"eventName":"a"}]}{"records":[{"eventName":"b"}]}',
  '{ "Records" : [ { "eventName" : "n" , "userIdentity" : { "type" : "t" , "x" : [ 1 , 2 ] } , "z" : { } } , { } ] , "b" : [ ] }',
  '\n{\n"Records"\n:\n[\n{\n"requestParameters"\n:\n{ "a" : [ 1 ,\t2 ] }\n}\n]\n}\n',
  '{"Records":[{"eventName":"\\',
  '{"Records":[{"eventName":"\\u12',
];

const MEMBERS = [
  '"event\\u004eame":"x","eventName":"y"',
  '"eventName":"a","eventName":"b","userIdentity":{"type":"x","type":"y"},"resources":[{"ARN":"1","ARN":"2"}]',
  '"userIdentity":{"typ\\u0065":"x"}',
  '"requestParameters":{"a":"}]\\"{[","b":"\\\\"},"eventName":"\\\\\\""',
  '"requestParameters":{"n":0.0,"big":123456789012345678901234567890,"e":1e5,"x":1.10,"k":{"a":1,"a":2},"u":"\\u00e9\\/\\ud800"}',
  '"requestParameters":"foo","responseElements":"\\u0041","additionalEventData":5,"serviceEventDetails":[1, 2],"edgeDeviceDetails":null',
  '"eventName":"\\ud800","userAgent":"\\udc00\\ud800","userIdentity":{"userName":"a\\ud800"}',
  '"eventName":"\\ud83d\\ude00 é \\u0000 \\b\\f\\n\\r\\t\\/","eventID":"a\u2028b","userAgent":"\u007f\u0080\uffff"',
  '"eventName":"raw\ttab"',
  '"eventName":"\\x"',
  '"eventName":"\\u12g4"',
  '"userIdentity":{},"resources":[]',
  '"userIdentity":null,"resources":null',
  '"userIdentity":"root","resources":{"ARN":"x"}',
  '"userIdentity":["a"],"resources":[[{}]]',
  '"resources":[null,{},{"ARN":null},{"ARN":"x","more":1},5]',
  '"userIdentity":{"sessionContext":"x","type":{"a":1.0},"arn":5,"accountId":true}',
  ...["{}", "[]", '{"\\ud800":"x"}', '{"a":null,"b":1.50,"c":{"x":[]},"":"","a":"2"}'].map(
    (attributes) => `"userIdentity":{"sessionContext":{"webIdFederationData":{"attributes":${attributes}}}}`,
  ),
  '"":1,"eventname":"x","EventName":"y","eventTime":null,"eventTim":"z","eventTimes":"z","readOnly":true,"apiVersion":1.0',
  ...['{"a":1,}', "[1,]", "[,1]", '{"a"}', '{"a":}', "{a:1}", "[1}", '{"a":1]', "1 2", "'a'"].map(
    (value) => `"requestParameters":${value}`,
  ),
  '"a":1 "b":2',
  '"a" 1',
  '"eventName":',
  '"eventName":"a",',
];

const NUMBERS =
  "01 1. - .5 1e 1e+ +1 0x1 NaN tru truex nul nullx 00 -01 1.5.5 --1 1e5e5 -0 0 0.0 1E+05 1e-5 -1.5E5 " +
  "12345678901234567890.123456789 true false null";

function listNumbers(): string[] {
  return NUMBERS.split(" ").map((value) => record(`"requestParameters":{"a":${value}},"eventName":${value}`));
}

function listLarge(): string[] {
  return [
    record(`"requestParameters":${"[".repeat(20_000)}${"]".repeat(20_000)},"eventName":"deep"`),
    record(`"requestParameters":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`),
    record(`"x":${"[".repeat(1000)}`),
    record(`"requestParameters":{"n":${"9".repeat(50_000)}},"eventName":"${"x".repeat(200_000)}"`),
  ];
}

function listBytes(): Buffer[] {
  const wrong = [
    [0xff],
    [0xed, 0xa0, 0x80],
    [0xc3],
    [0xc0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x9f, 0x98],
  ];
  return [
    ...wrong.map((bytes) =>
      Buffer.concat([Buffer.from('{"Records":[{"eventName":"'), Buffer.from(bytes), Buffer.from('"}]}')]),
    ),
    Buffer.from([0xef, 0xbb]),
    Buffer.from('{"Records":[]}', "utf16le"),
  ];
}

/** Texts that a careless reader takes wrongly, or takes at all. */
export const ADVERSARIAL_TEXTS: readonly Uint8Array[] = listTexts().map((text) =>
  typeof text === "string" ? new TextEncoder().encode(text) : new Uint8Array(text),
);
