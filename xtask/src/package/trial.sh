# The unit under systemd itself, with all of its sandbox. Ends at the first failure.
file=/etc/rolecall/agent.yaml
property() { systemctl show --property "$1" --value rolecall-agent; }
# Runs until it succeeds, 20 seconds at most.
until_true() { timeout 20 sh -c "until $1; do sleep 0.1; done"; }
nobody="setpriv --reuid=nobody --regid=nogroup --clear-groups"

systemctl start account
until_true 'test -e /run/account.json'
cat >$file <<'YAML'
service:
  aws-http:
    socket-path: /run/rolecall/agent.sock
    socket-mode: 666
secret-manager:
  aws:
    region: us-east-1
    resources:
      TestingSecret: my-secret
access:
  rules:
    - who: {unit: client.service}
      secrets: [my-secret]
    - who: {uid: nobody}
      secrets: [my-secret]
    - who: {uid: sys, exe: /usr/bin/rolecall}
      secrets: [my-secret]
audit:
  file: /var/log/rolecall/agent.audit
YAML

# It starts, says that it is ready, and has no privilege.
systemctl enable --now rolecall-agent
test "$(property ActiveState)" = active
grep -q "CapBnd:.0*$" /proc/$(property MainPID)/status
grep -q "NoNewPrivs:.1" /proc/$(property MainPID)/status
grep -q "Seccomp:.2" /proc/$(property MainPID)/status
test "$(stat -c '%a %U %G' /run/rolecall)" = "755 rolecall rolecall"
test "$(stat -c '%a %U %G' /var/lib/rolecall)" = "700 rolecall rolecall"

# It sees who asks: users, and the units of processes of others; and serves nobody else.
test "$($nobody rolecall get my-secret:username)" = app
systemctl start client
test "$(systemctl start other 2>&1)" != ""
test "$(systemctl show --property Result --value client)" = success
test "$(systemctl show --property Result --value other)" = exit-code
test "$(grep -c '"unit":"client.service"' /var/log/rolecall/agent.audit)" = 1

# Programs of others it sees with the drop-in only.
sys="setpriv --reuid=sys --regid=sys --clear-groups"
test "$($sys rolecall get my-secret:username || true)" = ""
cp /usr/share/doc/rolecall/examples/exe.conf /etc/systemd/system/rolecall-agent.service.d/
systemctl daemon-reload
systemctl restart rolecall-agent
test "$($sys rolecall get my-secret:username)" = app

# A file that is wrong is not read again, and the reload says so.
systemctl reload rolecall-agent
cp $file /run/right.yaml
echo "wrong: 1" >>$file
test "$(systemctl reload rolecall-agent 2>&1)" != ""
cp /run/right.yaml $file
test "$($nobody rolecall get my-secret:username)" = app

# The log is moved away, and goes on in a new file.
mv /var/log/rolecall/agent.audit /var/log/rolecall/agent.audit.1
systemctl kill --kill-whom=main --signal=HUP rolecall-agent
until_true 'test -e /var/log/rolecall/agent.audit'

# One that hangs is killed and started anew.
before=$(property MainPID)
kill -STOP $before
until_true "test \$(systemctl show --property NRestarts --value rolecall-agent) = 1"
until_true "test \$(systemctl is-active rolecall-agent) = active"
test "$(property MainPID)" != $before
test "$($nobody rolecall get my-secret:username)" = app

# A start with a file that is wrong is not tried again.
echo "wrong: 1" >>$file
test "$(systemctl restart rolecall-agent 2>&1)" != ""
test "$(property ActiveState)" = failed
cp /run/right.yaml $file
systemctl start rolecall-agent

# It ends when told to, and its socket's folder stays.
systemctl stop rolecall-agent
test "$(property Result)" = success
test -d /run/rolecall

# With the socket of the example, clients come before the agent.
cp /usr/share/doc/rolecall/examples/rolecall-agent.socket /etc/systemd/system/
systemctl daemon-reload
systemctl start rolecall-agent.socket
test "$(stat -c '%a %U %G' /run/rolecall/agent.sock)" = "660 rolecall rolecall"
systemctl stop rolecall-agent.socket

# The guard, in a network of its own with a metadata service at its address.
guard() { systemctl show --property "$1" --value rolecall-guard; }
units=/etc/systemd/system
ip netns add guarded
ip -n guarded link set lo up
ip -n guarded addr add 169.254.169.254/32 dev lo
place='[Service]\nNetworkNamespacePath=/run/netns/guarded\n'
mkdir $units/rolecall-guard.service.d
printf "${place}StandardError=append:/out/guard.log\n" >$units/rolecall-guard.service.d/trial.conf
cat >/etc/rolecall/guard.yaml <<'YAML'
rules:
  - {name: reader, who: {unit: reader.service}, allow: everything}
services:
  rules:
    - {name: web, allow: everything}
state: /var/lib/rolecall-guard/state.json
audit: {file: /var/log/rolecall-guard/guard.audit, required: true}
YAML
ask() { # A oneshot unit of a user, and what it runs.
  printf "${place}Type=oneshot\nUser=daemon\nStandardError=append:/out/ask.log\nExecStart=/bin/sh -euc '%s'\n" "$2" >$units/$1.service
}
role='curl -sSf -m 5 http://169.254.169.254/latest/meta-data/iam/security-credentials/'
ask reader "$role"
ask nosy "$role"
ask web 'curl -sSf -m 5 -H "Authorization: $(cat "$$AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")" "$$AWS_CONTAINER_CREDENTIALS_FULL_URI"'
rolecall guard service web

# It starts before there is a metadata service, and says that the lockdown is there.
systemctl daemon-reload
systemctl enable --now rolecall-guard
test "$(guard ActiveState)" = active
grep -q "NoNewPrivs:.1" /proc/$(guard MainPID)/status
grep -q "Seccomp:.2" /proc/$(guard MainPID)/status
test "$(stat -c '%a %U' /run/rolecall-guard /var/lib/rolecall-guard | sort -u)" = "700 root"
printf "${place}ExecStart=/usr/bin/rolecall instance serve --data /var/account %s --listen 169.254.169.254:80\n" \
  "$(grep -o 'i-[0-9a-f]*' /run/account.json | head -n 1)" >$units/imds.service
systemctl daemon-reload
systemctl start imds
until_true 'grep -q "in force and proven" /out/guard.log'

# Units get what their rule says, or their own secret.
systemctl start reader
test "$(systemctl start nosy 2>&1)" != ""
test "$(systemctl show --property Result --value nosy)" = exit-code
systemctl start web
grep -q '"unit":"reader.service".*"outcome":"answered"' /var/log/rolecall-guard/guard.audit
grep -q '"unit":"web.service".*"service":"web"' /var/log/rolecall-guard/guard.audit
stats="ip netns exec guarded rolecall guard stats"
test "$($stats | grep -c 'reader.service .*curl')" = 1

# Killed, it is there again, and counts go on.
until_true 'grep -q reader.service /var/lib/rolecall-guard/state.json'
before=$(guard MainPID)
systemctl kill --kill-whom=main --signal=KILL rolecall-guard
until_true "test \$(systemctl show --property NRestarts --value rolecall-guard) = 1"
until_true "test \$(systemctl is-active rolecall-guard) = active"
test "$(guard MainPID)" != $before
systemctl start reader
test "$($stats | grep -c 'reader.service .*curl')" = 1

# It ends when told to, and takes the lockdown away.
systemctl stop rolecall-guard
test "$(guard Result)" = success
test "$(ip netns exec guarded nft list tables)" = ""
echo passed
