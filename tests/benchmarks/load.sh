#!/usr/bin/env bash
# tests/benchmarks/load.sh [rounds [seconds]]: hey, wrk and HybridMesh's load engine in turns against one Kestrel hello.
# Server on core 0, clients on core 1, 16 connections; every answer of ours is attributed to a version, theirs are not.
# The last line is the verdict; exit 1 when the median ratio is below 1.5 x hey or 0.8 x wrk. Wants a quiet machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly rounds="${1:-5}" seconds="${2:-5}" connections=16 hey_bar=1.5 wrk_bar=0.8
readonly project=HybridMesh.LoadBenchmark
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

for tool in hey wrk taskset; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: on Debian, apt-get install hey wrk util-linux."; exit 2; }
done
[ "$(nproc)" -ge 2 ] || { echo 'Two cores are needed: one for the server, one for the client.'; exit 2; }
dotnet build "$project" -c Release -v q >&2
readonly program="$project/bin/Release/net10.0/$project.dll"

work="$(mktemp -d)"
taskset -c 0 dotnet "$program" serve 0 >"$work/server" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    grep -q '^http' "$work/server" && break
    sleep 0.1
done
uri="$(head -1 "$work/server")/hello/eric"

run() {
    case "$1" in
        hey) taskset -c 1 hey -z "${2}s" -c "$connections" "$uri" ;;
        wrk) taskset -c 1 wrk -t 1 -c "$connections" -d "${2}s" "$uri" ;;
        ours) taskset -c 1 dotnet "$program" drive "$uri" "$connections" "$2" ;;
    esac
}

# Nobody pays for the server's first seconds.
run wrk 3 >/dev/null
order=(hey wrk ours)
for ((round = 1; round <= rounds; round++)); do
    for tool in "${order[@]}"; do
        run "$tool" "$seconds" >"$work/out" || { cat "$work/out"; echo "$tool failed"; exit 2; }
        rate="$(sed -nE 's/.*Requests\/sec:[[:space:]]*([0-9.]+).*/\1/p' "$work/out")"
        echo "$rate" >>"$work/$tool"
        printf 'round %d  %-4s %10.0f requests/s   load %s\n' "$round" "$tool" "$rate" "$(cut -d' ' -f1 /proc/loadavg)"
    done
    order=("${order[@]:1}" "${order[0]}")
done
grep -o 'v1 .*' "$work/out" || true

# ratio <tool>: median, least and greatest ratio of ours to theirs, round by round.
ratio() {
    paste "$work/ours" "$work/$1" | awk '{ print $1 / $2 }' | sort -n \
        | awk '{ r[NR] = $1 } END { m = NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2; printf "%.2f %.2f %.2f", m, r[1], r[NR] }'
}
read -r hey hey_min hey_max <<<"$(ratio hey)"
read -r wrk wrk_min wrk_max <<<"$(ratio wrk)"
verdict="$(awk -v h="$hey" -v w="$wrk" -v hb="$hey_bar" -v wb="$wrk_bar" 'BEGIN { print (h >= hb && w >= wb) ? "PASS" : "FAIL" }')"
echo "$verdict: $hey x hey ($hey_min to $hey_max, bar $hey_bar), $wrk x wrk ($wrk_min to $wrk_max, bar $wrk_bar), median (least to greatest) of $rounds rounds of $seconds s"
[ "$verdict" = PASS ]
