#!/usr/bin/env bash
# How fast, true and lasting HybridMesh's load engine is. Server on core 0, clients on core 1, 16 connections. The last
# line is the verdict; exit 1 when it is FAIL. Wants a quiet machine.
#   load.sh [speed [rounds [seconds]]]  hey, wrk and ours in turns against one Kestrel hello; every answer of ours is
#                                       attributed to a version. Bar: the median ratio is 1.5 x hey and 0.8 x wrk.
#   load.sh latency [seconds]           a server that stalls for the last half second of every five: 1 % of the users
#                                       wait 450 ms or more. A closed loop doesn't see it, a constant rate does.
#   load.sh memory [requests]           resident memory over ten million requests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly mode="${1:-speed}" connections=16 hey_bar=1.5 wrk_bar=0.8
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

for tool in hey wrk taskset; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: on Debian, apt-get install hey wrk util-linux."; exit 2; }
done
[ "$(nproc)" -ge 2 ] || { echo 'Two cores are needed: one for the server, one for the client.'; exit 2; }
work="$(mktemp -d)"
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

dotnet build Load -c Release -v q -nologo >"$work/build" || { cat "$work/build"; exit 2; }
readonly program=Load/bin/Release/net10.0/HybridMesh.Benchmarks.Load.dll

# serve [stall]: starts the server and sets uri.
serve() {
    taskset -c 0 dotnet "$program" serve "$@" >"$work/server" &
    server=$!
    for _ in $(seq 100); do
        grep -q '^http' "$work/server" && break
        sleep 0.1
    done
    uri="$(head -1 "$work/server")/hello/eric"
    # Nobody is to pay for the server's first seconds.
    run wrk 3 >/dev/null
}

# run <tool> <seconds> [rate]
run() {
    local tool="$1" seconds="$2"
    shift 2
    case "$tool" in
        hey) taskset -c 1 hey -z "${seconds}s" -c "$connections" "$uri" ;;
        wrk) taskset -c 1 wrk -t 1 -c "$connections" -d "${seconds}s" --latency "$uri" ;;
        ours) taskset -c 1 dotnet "$program" drive "$uri" "$connections" "$seconds" "$@" ;;
    esac
}

# ratio <tool>: median, least and greatest ratio of ours to theirs, round by round.
ratio() {
    paste "$work/ours" "$work/$1" | awk '{ print $1 / $2 }' | sort -n \
        | awk '{ r[NR] = $1 } END { m = NR % 2 ? r[(NR + 1) / 2] : (r[NR / 2] + r[NR / 2 + 1]) / 2; printf "%.2f %.2f %.2f\n", m, r[1], r[NR] }'
}

speed() {
    local rounds="${1:-5}" seconds="${2:-5}" round tool rate verdict order=(hey wrk ours)
    serve
    for ((round = 1; round <= rounds; round++)); do
        for tool in "${order[@]}"; do
            run "$tool" "$seconds" >"$work/out" || { cat "$work/out"; echo "$tool failed"; exit 2; }
            rate="$(sed -nE 's/.*Requests\/sec:[[:space:]]*([0-9.]+).*/\1/p' "$work/out")"
            echo "$rate" >>"$work/$tool"
            printf 'round %d  %-4s %10.0f requests/s   load average %s\n' \
                "$round" "$tool" "$rate" "$(cut -d' ' -f1 /proc/loadavg)"
        done
        order=("${order[@]:1}" "${order[0]}")
    done
    local hey hey_min hey_max wrk wrk_min wrk_max
    read -r hey hey_min hey_max < <(ratio hey)
    read -r wrk wrk_min wrk_max < <(ratio wrk)
    verdict="$(awk -v h="$hey" -v w="$wrk" -v hb="$hey_bar" -v wb="$wrk_bar" \
        'BEGIN { print (h >= hb && w >= wb) ? "PASS" : "FAIL" }')"
    echo "$verdict: $hey x hey ($hey_min to $hey_max, bar $hey_bar), $wrk x wrk ($wrk_min to $wrk_max, bar $wrk_bar):" \
        "median (least to greatest) of $rounds rounds of $seconds s"
    [ "$verdict" = PASS ]
}

# p99 <file>: in milliseconds, as ours prints it.
p99() { sed -nE 's/.* p99 ([0-9.]+).*/\1/p' "$1"; }

latency() {
    local seconds="${1:-20}" hey wrk closed open verdict
    serve stall
    run hey "$seconds" >"$work/hey"
    hey="$(sed -nE 's/^ +99% in ([0-9.]+) secs$/\1/p' "$work/hey" | awk '{ print $1 * 1000 }')"
    echo "hey, closed loop              p99 $hey ms"
    run wrk "$seconds" >"$work/wrk"
    wrk="$(sed -nE 's/^ +99% +([0-9.]+)(us|ms|s)$/\1 \2/p' "$work/wrk" \
        | awk '{ print $2 == "us" ? $1 / 1000 : $2 == "s" ? $1 * 1000 : $1 }')"
    echo "wrk, closed loop, which adds the requests it thinks it left out   p99 $wrk ms"
    run ours "$seconds" >"$work/closed"
    closed="$(p99 "$work/closed")"
    echo "ours, closed loop             p99 $closed ms"
    run ours "$seconds" 1000 >"$work/open"
    open="$(p99 "$work/open")"
    echo "ours, 1000 requests/s         p99 $open ms"
    verdict="$(awk -v o="$open" -v h="$hey" 'BEGIN { print (o >= 430 && o <= 500 && h < 100) ? "PASS" : "FAIL" }')"
    echo "$verdict: of a true p99 of 450 ms, a constant rate shows $open ms (bar 430 to 500), hey $hey ms, wrk $wrk ms"
    [ "$verdict" = PASS ]
}

memory() {
    serve
    taskset -c 1 dotnet "$program" endure "$uri" "$connections" "${1:-10000000}"
}

case "$mode" in
    speed | latency | memory) "$mode" "${@:2}" ;;
    *) sed -nE 's/^#   //p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
