#!/bin/bash
# Starts the sidecar of this VM, or with "clean" takes its capture of traffic back.
logs=/var/log/istio settings=/var/lib/istio/envoy
pilot=/usr/local/bin/pilot-agent

value() { # name, default: what cluster.env or sidecar.env says; neither is run as a script
    local found
    found=$(sed -n "s/^$1=//p" $settings/sidecar.env $settings/cluster.env 2> /dev/null | tail -n 1)
    found=${found//\'/}; found=${found//\"/}
    printf '%s' "${found:-$2}"
}

if [ "$1" = clean ]; then
    [ -e /run/hybridmesh/dirty-stop ] || "$pilot" istio-clean-iptables
    exit 0
fi
mkdir -p "$logs"
: > "$logs/istio.log"; : > "$logs/istio.err.log"
chown istio-proxy:istio-proxy "$logs/istio.log" "$logs/istio.err.log"
"$pilot" istio-clean-iptables
if [ "$(value ISTIO_CUSTOM_IP_TABLES false)" != true ]; then
    ISTIO_INBOUND_PORTS=$(value ISTIO_INBOUND_PORTS '*')
    ISTIO_LOCAL_EXCLUDE_PORTS=$(value ISTIO_LOCAL_EXCLUDE_PORTS '')
    export ISTIO_INBOUND_PORTS ISTIO_LOCAL_EXCLUDE_PORTS
    "$pilot" istio-iptables
fi
exec "$pilot" proxy > "$logs/istio.log" 2> "$logs/istio.err.log"
