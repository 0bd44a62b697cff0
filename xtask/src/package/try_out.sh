# The life of the package on a host. Runs as root in a copy of one, and ends at the first failure.
unit=/usr/lib/systemd/system/rolecall-agent.service
enabled=/etc/systemd/system/multi-user.target.wants/rolecall-agent.service
guard=/usr/lib/systemd/system/rolecall-guard.service
guard_enabled=/etc/systemd/system/sysinit.target.wants/rolecall-guard.service
file=/etc/rolecall/agent.yaml
dpkg --purge rolecall

# Installed, all is in place, and nothing runs by itself.
dpkg --install /rolecall.deb
test "$(stat -c '%a %U %G' $file)" = "640 root rolecall"
test "$(stat -c '%a %U %G' /etc/rolecall)" = "755 root root"
test "$(getent passwd rolecall | cut -d: -f6,7)" = "/var/lib/rolecall:/usr/sbin/nologin"
as_agent="setpriv --reuid=rolecall --regid=rolecall --clear-groups"
test "$($as_agent rolecall agent --check)" = "$file: ok"
test ! -e $enabled
test "$(systemd-analyze verify --man=no $unit 2>&1)" = ""
test "$(systemd-analyze verify --man=no $guard 2>&1)" = ""
test ! -e $guard_enabled
rolecall guard explain --uid 33 --path /latest/meta-data/ami-id
bash -n /usr/share/bash-completion/completions/rolecall

# Upgraded, all is as the administrator left it.
systemctl enable rolecall-agent
echo "# mine" >>$file
chmod 600 $file
dpkg --install /rolecall.deb
tail -n 1 $file | grep -qx "# mine"
test "$(stat -c '%a %U %G' $file)" = "600 root rolecall"
test -e $enabled

# Removed, what is the administrator's stays.
install -d -o rolecall /var/lib/rolecall /var/log/rolecall /run/rolecall
dpkg --remove rolecall
test ! -e /usr/bin/rolecall
test ! -e /run/rolecall
test -e $file
test -d /var/log/rolecall

# Purged, nothing stays but the user.
dpkg --purge rolecall
test ! -e /etc/rolecall
test ! -e /etc/logrotate.d/rolecall-agent
test ! -e /var/log/rolecall
test ! -e /var/lib/rolecall
test ! -e $enabled
test ! -e /etc/logrotate.d/rolecall-guard
test -n "$(getent passwd rolecall)"
