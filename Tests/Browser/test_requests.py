"""Requests that no page of ours sends."""
import http.client
import json

import pytest
import zhike


@pytest.fixture(scope="module")
def server(farm):
    return farm.system(name="requests").add_admin().start()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_changes_nothing(server, site):
    web = zhike.Web(server.port).log_in()
    web.get("/customers/new")
    fields = {"name": "外站" + site, "type": "company", "source": "other"}
    assert web.post("/customers", fields, headers={"Sec-Fetch-Site": site}, follow=False).status == 403
    assert server.log_in().count("customers", {"name": "外站" + site}) == 0
    assert web.post("/customers", fields, headers={"Sec-Fetch-Site": "same-origin"}, follow=False).status == 303


def test_a_body_in_pieces_has_its_limit_too(server):
    token = server.log_in().token

    def send(size: int):
        body = json.dumps({"name": "碎片", "type": "company", "source": "other", "remark": "x" * size}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        pieces = (body[at:at + 32_768] for at in range(0, len(body), 32_768))
        try:
            connection.request("POST", "/api/v1/customers", body=pieces, headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"}, encode_chunked=True)
            return connection.getresponse().status
        finally:
            connection.close()

    assert send(1000) == 201
    # Larger than what is read of a JSON body, smaller than what would be cut off.
    assert send(1_100_000) == 413
