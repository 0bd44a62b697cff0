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
echo passed
