#!/usr/bin/env bash
# build.sh demo [example]|test|build|package: what build.ps1 does, for machines without pwsh.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
# A failed step that nobody can answer must end, not wait.
exec </dev/null

readonly task="${1:-build}"
shift || true
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

say() { printf '%s\n' "$*"; }

# phase <name> <command...>: one line with its time; the whole output only when it fails.
phase() {
    local name="$1" start=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        printf '%-40s %4d s\n' "$name" "$((SECONDS - start))"
    else
        printf '%-40s FAILED after %d s: %s\n' "$name" "$((SECONDS - start))" "$*"
        grep -E ': (error|warning) |error:' "$log" | sort -u | head -50 || true
        grep -qE ': (error|warning) |error:' "$log" || tail -50 "$log"
        return 1
    fi
}

need_sdk() {
    if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
        say 'The .NET SDK 10 is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0,'
        say 'or: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0; export PATH="$HOME/.dotnet:$PATH"'
        exit 1
    fi
}

# The lab's VMs are real SSH servers; a bare machine has none.
need_lab_tools() {
    local missing=()
    { [ -x /usr/sbin/sshd ] || command -v sshd >/dev/null; } || missing+=(openssh-server)
    command -v sudo >/dev/null || missing+=(sudo)
    command -v curl >/dev/null || missing+=(curl)
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        phase "install ${missing[*]}" sh -c "apt-get -qq update && apt-get -qq -y --no-install-recommends install ${missing[*]}" && return 0
    fi
    say "The lab needs ${missing[*]}, which could not be installed from here: as root on Debian, apt-get install ${missing[*]}."
    return 1
}

build() {
    phase 'restore' dotnet restore "$1" -v q --disable-build-servers || return 1
    phase 'build (a warning fails it)' dotnet build "$1" --no-restore -v q --disable-build-servers || return 1
}

# The numbers of a summary such as: Passed!  - Failed: 0, Passed: 22, Skipped: 0, Total: 22, Duration: 3 s
count() { sed -nE "s/.*- Failed: .*$1: +([0-9]+),.*/\1/p;" "$log" | tail -1; }

test_projects() {
    local passed=0 failed=0 skipped=0 project name start ok=0
    for project in tests/*.Tests; do
        name="$(basename "$project")"
        start=$SECONDS
        timeout -k 10 600 dotnet test "$project/bin/Debug/net10.0/$name.dll" --settings tests/test.runsettings >"$log" 2>&1
        local code=$?
        local p f s
        f="$(sed -nE 's/.*- Failed: +([0-9]+),.*/\1/p' "$log" | tail -1)"
        p="$(count Passed)"
        s="$(count Skipped)"
        printf '%-32s %4s passed %3s failed %3s skipped %4d s\n' "$name" "${p:-0}" "${f:-?}" "${s:-0}" "$((SECONDS - start))"
        if [ $code -ne 0 ] || [ -z "$f" ]; then
            # No summary, or a failure outside any test: that counts as one.
            [ "${f:-0}" -gt 0 ] || f=1
            ok=1
            grep -vE '^(Test run for|A total of|\[xUnit)' "$log" | tail -n 120
        fi
        passed=$((passed + ${p:-0})) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
    done
    totals="$passed passed, $failed failed, $skipped skipped"
    return $ok
}

test_pester() {
    if ! command -v pwsh >/dev/null; then
        say 'Pester did not run: pwsh is not installed here.'
    elif ! pwsh -NoProfile -NonInteractive -Command 'exit [int]-not (Get-Module Pester -ListAvailable | Where-Object Version -ge 5.5)' 2>/dev/null; then
        say 'Pester did not run: pwsh is here, but not its module Pester (Install-Module Pester).'
    else
        timeout -k 10 900 pwsh -NoProfile -NonInteractive -File tests/Pester/run.ps1
    fi
}

case "$task" in
    build)
        need_sdk
        build HybridMesh.sln && say "The module is ready: Import-Module $PWD/HybridMesh.psd1"
        ;;
    demo)
        need_sdk
        need_lab_tools || exit 1
        example=http-reciprocal
        if [ -n "${1:-}" ] && [ -f "examples/$1/run.ps1" ]; then example=$1; shift; fi
        build src/Product.slnf || exit 1
        src/HybridMesh.Shell/bin/Debug/net10.0/HybridMesh.Shell "examples/$example/run.ps1" "$@"
        ;;
    test)
        need_sdk
        need_lab_tools || say 'Tests that need the lab will fail.'
        build HybridMesh.sln || exit 1
        result=0
        phase 'format' dotnet format whitespace . --folder --verify-no-changes || result=1
        totals='0 passed, 0 failed, 0 skipped'
        test_projects || result=1
        test_pester || result=1
        say "$totals"
        exit $result
        ;;
    package)
        need_sdk
        build src/Product.slnf && phase 'package' dotnet msbuild src/Package.proj -nologo && cat "$log"
        ;;
    *)
        say 'build.sh demo [example]|test|build|package'
        exit 64
        ;;
esac
