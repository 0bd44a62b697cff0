# Runs script $3 in a copy of this machine, with package $2 in it. The copy is an overlay in folder
# $1, and is written to memory.
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/written" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" overlay "$1/root"
mount -t proc proc "$1/root/proc"
mount --bind /dev "$1/root/dev"
mount -t tmpfs -o mode=755 tmpfs "$1/root/run"
cp "$2" "$1/root/rolecall.deb"
cp "$3" "$1/root/try_out.sh"
exec chroot "$1/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C sh -eux /try_out.sh
