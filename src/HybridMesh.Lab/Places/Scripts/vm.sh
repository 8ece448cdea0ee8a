# Process 1 of a VM: starts and stops what runs on it as the lab asks, and lives as long as the lab's pipe.
start() {
    mkdir -p /run/sshd /run/lock
    /usr/sbin/sshd -D -E /var/log/sshd.log -f /etc/ssh/sshd_lab_config > /dev/null 2>&1 < /dev/null &
    docker _boot > /var/log/docker-boot.log 2>&1 < /dev/null || true
}
set +e
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=$HM_VM_HOME
start
echo up
while read -r order; do
    case $order in
        start) start; echo started ;;
        stop) kill -KILL -1; wait; echo stopped ;;   # everything here but process 1
    esac
done
