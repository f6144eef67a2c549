# Functions that scripts/quickstart and scripts/test share. Sourced, never run.

bun_version=1.4.5
docker_socket=/var/run/docker.sock

say() { printf '• %s\n' "$*" >&2; }
fail() { printf 'nexora: %s\n' "$1" >&2; [ -n "${2:-}" ] && printf '  %s\n' "$2" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "root is needed for: $*" "run this as root, or install sudo"
  fi
}

# may_install PACKAGES: true when asked not to ask (assume_yes=1), or when the user says yes.
may_install() {
  [ "${assume_yes:-0}" = 1 ] && return 0
  [ -t 0 ] || fail "these Debian packages are missing: $*" "run again with --yes to install them"
  local answer
  read -r -p "Install $* with apt-get? [Y/n] " answer
  case "$answer" in "" | y | Y | yes) return 0 ;; *) return 1 ;; esac
}

apt_install() {
  command -v apt-get >/dev/null || fail "apt-get is missing" "install $* with your system's package manager"
  may_install "$@" || fail "nothing was installed" "install $* and run this again"
  say "installing $*"
  local log
  log=$(mktemp)
  if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install $*" "the whole output is in $log"
  fi
  rm -f "$log"
}

# Puts the pinned Bun on the PATH, from the npm registry.
ensure_bun() {
  local prefix="${XDG_CACHE_HOME:-$HOME/.cache}/nexora/bun-$bun_version"
  PATH="$prefix/node_modules/.bin:$PATH"
  export PATH
  [ "$(bun --version 2>/dev/null)" = "$bun_version" ] && return
  command -v npm >/dev/null || fail "npm is missing" "install Node.js with npm and run this again"
  say "installing Bun $bun_version from npm"
  mkdir -p "$prefix"
  npm install --prefix "$prefix" --no-save --no-audit --no-fund --loglevel=error "bun@$bun_version" >&2 ||
    fail "npm could not install Bun $bun_version" "is the npm registry reachable?"
  hash -r
  # Newer versions of npm do not run a package's install script, which puts the program in place.
  [ "$(bun --version 2>/dev/null)" = "$bun_version" ] || node "$prefix/node_modules/bun/install.js" >&2
  [ "$(bun --version 2>/dev/null)" = "$bun_version" ] || fail "Bun $bun_version does not run on this machine"
}

install_dependencies() {
  say "installing the project's packages"
  bun install --frozen-lockfile --silent || fail "bun install failed" "is the npm registry reachable?"
}

# Whether an engine answers: 0 yes, 1 no, 2 it is there but refuses this user.
engine_answers() {
  [ -n "${DOCKER_HOST:-}" ] && case "$DOCKER_HOST" in
    unix://*) docker_socket=${DOCKER_HOST#unix://} ;;
    *) return 0 ;; # Somewhere else: the daemon's own check says how it is.
  esac
  bun -e '
    try {
      const reply = await fetch("http://docker/_ping", { unix: process.argv[1], signal: AbortSignal.timeout(5000) });
      process.exit(reply.ok ? 0 : 1);
    } catch (error) {
      const { accessSync, constants, existsSync } = require("node:fs");
      if (!existsSync(process.argv[1])) process.exit(1);
      try { accessSync(process.argv[1], constants.W_OK); } catch { process.exit(2); }
      process.exit(1);
    }' "$docker_socket"
}

start_engine() {
  say "starting the Docker engine"
  if [ -d /run/systemd/system ]; then
    as_root systemctl start docker
  elif ! as_root service docker start >/dev/null 2>&1; then
    as_root sh -c 'setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &'
  fi
  local deadline=$((SECONDS + 60)) state=1
  while [ $SECONDS -lt $deadline ]; do
    engine_answers && return 0 || state=$?
    [ $state = 2 ] && return 2
    sleep 0.3
  done
  fail "the Docker engine does not answer on $docker_socket" "see /var/log/dockerd.log, /var/log/docker.log or \`journalctl -u docker\`"
}

# Makes sure of a Docker engine: the running one, else Debian's.
ensure_engine() {
  local state=0
  engine_answers || state=$?
  if [ $state = 1 ]; then
    command -v dockerd >/dev/null || [ -x /usr/sbin/dockerd ] || apt_install docker.io
    state=0
    start_engine || state=$?
  fi
  [ $state != 2 ] || fail "you are not allowed to use the Docker engine ($docker_socket)" \
    "run \`sudo usermod -aG docker $(id -un)\`, log in again, and run this again"
}

# The image's base comes from a registry where one is reachable; else it is made with mmdebstrap.
ensure_mmdebstrap() {
  command -v mmdebstrap >/dev/null && [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] && return
  apt_install mmdebstrap debian-archive-keyring
}

# PostgreSQL's programs; the tests start a server of their own, so no cluster is made.
ensure_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && return
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    as_root mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  apt_install postgresql
}

# What the examples of the documentation use besides.
ensure_example_tools() {
  command -v curl >/dev/null && command -v jq >/dev/null && return
  apt_install curl jq
}

# A virtual environment with schemathesis, which tests the HTTP API; the tests alone need Python. Its
# `st` is named by NEXORA_TEST_SCHEMATHESIS.
ensure_schemathesis() {
  local wanted="$project/tests/http/requirements.txt" folder
  folder="${XDG_CACHE_HOME:-$HOME/.cache}/nexora/schemathesis-$(sha256sum "$wanted" | cut -c1-12)"
  export NEXORA_TEST_SCHEMATHESIS="$folder/bin/st"
  [ -e "$folder/complete" ] && return
  /usr/bin/python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv
  say "installing schemathesis into a virtual environment"
  rm -rf "$folder"
  mkdir -p "${folder%/*}"
  /usr/bin/python3 -m venv "$folder" || fail "there is no virtual environment at $folder" "is python3-venv installed?"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" >&2 ||
    fail "pip could not install schemathesis" "is the Python package index reachable?"
  touch "$folder/complete"
}
