# Runs script $3 in a copy of this machine, as its first process and with package $2 in it. The copy
# is an overlay in folder $1 and is written to memory; folder $4 is /out in it. All processes stand in
# a control group of their own, rolecall-copy.
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/written" "$1/work" "$1/root" "$1/cgroup"
mount -t cgroup2 cgroup2 "$1/cgroup"
mkdir -p "$1/cgroup/rolecall-copy"
echo 0 >"$1/cgroup/rolecall-copy/cgroup.procs"
mount -t overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" overlay "$1/root"
cp "$2" "$1/root/rolecall.deb"
cp "$3" "$1/root/script.sh"
mkdir -p "$1/root/out" "$1/root/old"
mount --bind "$4" "$1/root/out"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount -t tmpfs -o mode=755 tmpfs "$1/root/run"
cd "$1/root"
pivot_root . old
umount -l old
exec unshare --cgroup chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C sh -eux script.sh
