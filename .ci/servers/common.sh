# shellcheck shell=bash
# Sourced by the scripts beside it. What they install is kept in $servers; what a running server has is in $servers/run/PORT,
# with one .pid file a process, so that `stop` ends those and nothing else.
servers=${CTP_SERVERS_DIR:-$HOME/.cache/cloudtrail-partitioner-ci}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$servers/run"
servers=$(cd "$servers" && pwd)

# Only the URL goes to standard output.
say() { printf '%s\n' "$*" >&2; }

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Sets $port (a free one unless given), $url and $run: an empty folder, after the end of an earlier server of ours on that port.
claim_port() {
  port=${1:-$(free_port)}
  url=http://127.0.0.1:$port
  run=$servers/run/$port
  bash "$here/stop" "$url"
  if (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
    say "port $port is taken by something else"
    return 1
  fi
  mkdir -p "$run"
}

# spawn NAME COMMAND...: in the background, away from our standard output, which a $(...) would wait for.
# It runs in $run, where Trino puts a var/log; the command must name a file below $run, by which `stop` knows it.
spawn() {
  local name=$1
  shift
  (cd "$run" && exec "$@") > "$run/$name.log" 2>&1 < /dev/null &
  echo $! > "$run/$name.pid"
}

# await NAME SECONDS COMMAND...: until the command succeeds; shows the end of the server's log when it does not.
await() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  while ((SECONDS < deadline)) && kill -0 "$(cat "$run/$name.pid")" 2> /dev/null; do
    if "$@" > /dev/null 2>&1; then return; fi
    sleep 0.2
  done
  say "$name did not come up. The end of its log, $run/$name.log:"
  tail -n 40 "$run/$name.log" >&2
  return 1
}

has() { command -v "$@" > /dev/null; }

# Debian's packages.
install() {
  say "installing $*"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >&2
}
