#!/bin/bash
# A stand-in for Istio's agent on a VM of the practice lab.
address=@ADDRESS@ dotnet=@DOTNET@ program=@PROGRAM@
version=1.24.2
nat() { iptables -t nat "$@"; }

clean() {
    local chain rule
    for chain in PREROUTING OUTPUT; do
        nat -S $chain 2> /dev/null | sed -n "s/^-A \(.*-j ISTIO_.*\)/\1/p" | while IFS= read -r rule; do
            # shellcheck disable=SC2086 # a rule is words
            nat -D $rule
        done
    done
    chain=$(nat -S | sed -n 's/^-N \(ISTIO_.*\)/\1/p')
    for rule in $chain; do nat -F "$rule"; done
    for rule in $chain; do nat -X "$rule"; done
}

capture() { # inbound ports, ports left alone
    local port
    for port in ISTIO_INBOUND ISTIO_IN_REDIRECT ISTIO_OUTPUT ISTIO_REDIRECT; do nat -N $port || return; done
    nat -A PREROUTING -p tcp -j ISTIO_INBOUND
    nat -A OUTPUT -p tcp -j ISTIO_OUTPUT
    for port in ${2//,/ }; do nat -A ISTIO_INBOUND -p tcp -m tcp --dport "$port" -j RETURN; done
    if [ "$1" = '*' ]; then nat -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
    else for port in ${1//,/ }; do nat -A ISTIO_INBOUND -p tcp -m tcp --dport "$port" -j ISTIO_IN_REDIRECT; done; fi
    nat -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
    nat -A ISTIO_OUTPUT -m owner --uid-owner istio-proxy -j RETURN
    nat -A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
    nat -A ISTIO_OUTPUT -j ISTIO_REDIRECT
    nat -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
}

value() { # file, name, default
    local found
    found=$(sed -n "s/^$2=//p" "$1" 2> /dev/null | tail -n 1)
    found=${found//\'/}; found=${found//\"/}
    printf '%s' "${found:-$3}"
}

contain() { # folder, yes when it may change rules: the sidecar as a container's first process
    local child code
    [ "$2" = yes ] || {
        echo 'iptables: Permission denied (you must be root): run it with --cap-add NET_ADMIN' >&2
        exit 1
    }
    clean
    capture "$(value "$1/cluster.env" ISTIO_INBOUND_PORTS '*')" "$(value "$1/cluster.env" ISTIO_LOCAL_EXCLUDE_PORTS)"
    setpriv --pdeathsig KILL "$dotnet" "$program" sidecar --address "$address" --folder "$1" &
    child=$!
    trap 'kill -TERM $child' TERM INT
    wait $child; code=$?
    trap '' TERM INT
    wait $child
    clean
    exit $code
}

export DOTNET_EnableDiagnostics=0 HOME="${HOME:-/root}"
command=$1
[ $# -eq 0 ] || shift
case $command in
    proxy) exec -a pilot-agent "$dotnet" "$program" sidecar --address "$address" ;;
    _contain) contain "$@" ;;
    istio-iptables) capture "${ISTIO_INBOUND_PORTS-*}" "${ISTIO_LOCAL_EXCLUDE_PORTS-22,15090,15021,15020}" ;;
    istio-clean-iptables) clean ;;
    version)
        case $* in
            *json*) printf '{\n  "clientVersion": {\n    "version": "%s",\n    "revision": "lab",\n' $version
                printf '    "golang_version": "none",\n    "status": "Clean",\n    "tag": "%s"\n  }\n}\n' $version ;;
            *-s*) echo $version ;;
            *) printf 'version.BuildInfo{Version:"%s", GitRevision:"lab", GolangVersion:"none", ' $version
                printf 'BuildStatus:"Clean", GitTag:"%s"}\n' $version ;;
        esac ;;
    *) echo "Error: unknown command \"$command\" for \"pilot-agent\"" >&2; exit 1 ;;
esac
