"""AWS's access portal and its OIDC service, as far as an SDK with a cached token asks them.

Arguments: the server's certificate and key, and a file with the session to hand out, in the form
of a container's endpoint. Prints its port, then a line for each request: what was asked, and the
status of the answer.
"""

import calendar
import http.server
import json
import ssl
import sys
import time
import urllib.parse

certificate, key, session = sys.argv[1:]
OLD, NEW, REFRESH, SECRET = "the-sso-token-ended", "the-sso-token-renewed", "the-sso-refresh-token", "the-sso-client-secret"


class Portal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path != "/federation/credentials":
            return self.tell(404, {"message": "no such operation"})
        if self.headers["x-amz-sso_bearer_token"] != NEW:
            return self.tell(401, {"message": "Session token not found or invalid"})
        if query != {"account_id": "123456789012", "role_name": "Reader"}:
            return self.tell(403, {"message": "No access"})
        with open(session, encoding="ascii") as file:
            made = json.load(file)
        ends = time.strptime(made["Expiration"][:19], "%Y-%m-%dT%H:%M:%S")
        credentials = {
            "accessKeyId": made["AccessKeyId"],
            "secretAccessKey": made["SecretAccessKey"],
            "sessionToken": made["Token"],
            "expiration": calendar.timegm(ends) * 1000,
        }
        return self.tell(200, {"roleCredentials": credentials})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = asked.get("refreshToken") == REFRESH and asked.get("clientSecret") == SECRET
        if self.path != "/token" or asked.get("grantType") != "refresh_token" or not known:
            return self.tell(400, {"error": "invalid_grant", "error_description": "no"})
        token = {"accessToken": NEW, "tokenType": "Bearer", "expiresIn": 28800}
        return self.tell(200, token)

    def tell(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        if status in (401, 403):
            kind = {401: "UnauthorizedException", 403: "ForbiddenException"}[status]
            self.send_header("x-amzn-ErrorType", kind)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        path = urllib.parse.urlsplit(self.path).path
        print(self.headers["Host"], self.command, path, status, flush=True)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
