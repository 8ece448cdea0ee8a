# Process 1 of a VM: starts and stops what runs on it as the lab asks, and lives as long as the lab's pipe.
start() {
    mkdir -p /run/sshd /run/lock /run/systemd/system /run/hybridmesh/units /run/hybridmesh/rules
    /usr/sbin/sshd -D -E /var/log/sshd.log -f /etc/ssh/sshd_lab_config > /dev/null 2>&1 < /dev/null &
    docker _boot > /var/log/docker-boot.log 2>&1 < /dev/null || true
    systemctl _boot > /dev/null 2>&1 < /dev/null &
}
halt() { # everything here but process 1 ends, and what lies in memory is gone
    kill -KILL -1
    wait
    find /run /tmp -xdev -mindepth 1 -delete 2> /dev/null
}
set +e
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=$HM_VM_HOME
rm -rf /etc/systemd/system/*.wants   # the host's services are not this VM's
if [ -n "$HM_SIDECAR" ]; then
    chown -R istio-proxy:istio-proxy /etc/certs /etc/istio /var/lib/istio /var/log/istio
    if [ -f /var/lib/dpkg/status ]; then
        printf '%s\n' 'Package: istio-sidecar' 'Status: install ok installed' 'Priority: optional' \
            'Section: default' 'Maintainer: practice lab' 'Architecture: all' 'Version: 1.24.2' \
            'Description: Istio sidecar (stand-in)' '' \
            >> /var/lib/dpkg/status
    fi
fi
start
echo up
while read -r order; do
    case $order in
        start) start; echo started ;;
        stop) halt; echo stopped ;;
        reboot) halt; start; echo started ;;
    esac
done
