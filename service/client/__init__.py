"""The service as its clients see it: typed calls made from its OpenAPI description.

    service = Operations(Wire(connect("https://journal.school.ru"), token, patience=60))
    snapshot = service.create_snapshot("school-18", Path("snapshot.json").read_bytes())
    order = JobAsked(snapshot=snapshot.id, kind="class-register", class_="c8a")
    *_, done = follow(service, service.order_document("school-18", order))
    Path("register.pdf").write_bytes(service.get_document_pdf(done.document))

`Wire` and `connect` are in `wire`, `Operations` in `operations`, what is asked and told in `told`,
`follow`, `pages` and `wait_for` in `following`; a refusal is one of `errors`, with its `problem`
(the stable code), `status` and `faults`.
"""
