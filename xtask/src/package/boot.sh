# Boots systemd in a copy of this machine with nothing in it but the package's unit, an account for
# it to ask, and /out/trial.sh. What that does is in /out/log.
mount -t sysfs -o ro sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# Credentials of units are mounted by a process of their own, and come to the unit from there.
mount --make-rshared /
dpkg --install /rolecall.deb

# Units of the machine itself stay out.
rm -rf /usr/lib/systemd/system/*.wants /etc/systemd/system/*.wants
cd /etc/systemd/system
ln -sf /dev/null systemd-journald.service
ln -sf /dev/null systemd-journald.socket
ln -sf /dev/null systemd-journald-dev-log.socket

cat >account.service <<'UNIT'
[Service]
Type=exec
StandardError=file:/out/account.log
ExecStart=/usr/bin/rolecall up --data /var/account --listen 127.0.0.1:45660 --imds 127.0.0.1:13380 \
  --agent-tcp 127.0.0.1:0 --agent-http 127.0.0.1:0 --ready-file /run/account.json
UNIT
mkdir rolecall-agent.service.d
cat >rolecall-agent.service.d/trial.conf <<'UNIT'
[Service]
Environment=AWS_ENDPOINT_URL=http://127.0.0.1:45660
Environment=AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:13380
StandardError=append:/out/agent.log
WatchdogSec=4s
RestartSec=100ms
UNIT
cat >client.service <<'UNIT'
[Service]
Type=oneshot
User=daemon
ExecStart=/usr/bin/rolecall get my-secret:username
UNIT
cat >other.service <<'UNIT'
[Service]
Type=oneshot
User=daemon
ExecStart=/usr/bin/rolecall get my-secret:username
UNIT
cat >trial.service <<'UNIT'
[Unit]
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
TimeoutStartSec=60
ExecStart=/bin/sh -c 'exec sh -eux /out/trial.sh >/out/log 2>&1'
UNIT
cat >trial.target <<'UNIT'
[Unit]
Wants=trial.service
UNIT
exec env container=trial /usr/lib/systemd/systemd --system --unit=trial.target
