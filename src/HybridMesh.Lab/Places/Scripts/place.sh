# Makes the file tree of one place (a VM or a pod) in the mount namespace unshare has just opened, and goes on in it.
# The root is an overlay over / whose upper side is a tmpfs of this namespace: it goes when the namespace goes.
# HM_SCRATCH: an empty folder; HM_SEED: files laid over the root; HM_HOME: root's home; HM_PARTITIONS: file systems
# mounted below / which need an overlay of their own; HM_BINDS: folders to be seen as they are, read-only; HM_BODY: the
# script that goes on.
set -e
read -r host_id _ < /proc/self/stat   # still the host's /proc, so that this is the host's number of pid 1
echo "pid $host_id"
S=$HM_SCRATCH R=$HM_SCRATCH/root
mount -t tmpfs -o mode=755 hybridmesh-lab "$S"
mkdir "$S/root"
over() { # lower, name, target
    mkdir "$S/$2.up" "$S/$2.work"
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$S/$2.up,workdir=$S/$2.work" "$3"
}
over / main "$R"
number=0
while IFS= read -r partition; do
    [ -n "$partition" ] || continue
    number=$((number + 1))
    over "$partition" "part$number" "$R$partition"
done <<< "$HM_PARTITIONS"
mount -t proc proc "$R/proc"
mount --rbind /sys "$R/sys"
mount --rbind /dev "$R/dev"
mount -t tmpfs -o mode=1777 shm "$R/dev/shm"
mount -t tmpfs -o mode=755 run "$R/run"
mount -t tmpfs -o mode=1777 tmp "$R/tmp"
mount -t tmpfs -o mode=700 home "$R$HM_HOME"
while IFS= read -r folder; do
    [ -n "$folder" ] || continue
    mkdir -p "$R$folder"
    mount --bind "$folder" "$R$folder"
    mount -o remount,bind,ro "$R$folder"
done <<< "$HM_BINDS"
rm -f "$R/etc/hosts" "$R/etc/hostname" "$R/etc/nsswitch.conf"   # the host's may be symbolic links
cp -a --remove-destination "$HM_SEED/." "$R/"
hostname "$HM_NAME"
body=$(< "$HM_BODY")
cd "$R"
mkdir -p .hybridmesh-old
pivot_root . .hybridmesh-old
cd /
umount -l /.hybridmesh-old
rmdir /.hybridmesh-old
unset HM_SCRATCH HM_SEED HM_HOME HM_PARTITIONS HM_BINDS HM_BODY HM_PLACE HM_LOG
eval "$body"
