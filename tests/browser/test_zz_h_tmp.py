import threading, time, uvicorn, pytest
from pathlib import Path
from fixtures.browser import DESKTOP, PHONE, open_browser, open_visit, find_chromium
from services.settings import Settings
from services.web.app import create_app
def test_shots(demo_engine):
    app=create_app(Settings(), demo_engine)
    server=uvicorn.Server(uvicorn.Config(app,port=8791,log_level="error"))
    t=threading.Thread(target=server.run,daemon=True); t.start()
    while not server.started: time.sleep(.1)
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path=find_chromium(),args=["--no-sandbox"])
        for name,size in (("desk",(1200,900)),("phone",(390,800))):
            pg=b.new_page(viewport={"width":size[0],"height":size[1]})
            for key,url in (("study","/plans?register=dz&plan=16-demo&neutral=100&lang=fa"),("moves","/plans?register=dz&plan=16-demo&moves=160101%3D2&lang=fa"),("try","/plans/try?register=dz&within=16&districts=4&lang=fa")):
                pg.goto("http://127.0.0.1:8791"+url); pg.screenshot(path=f"/tmp/tq-H/{key}-{name}.png",full_page=True)
                print(key,name,pg.evaluate("document.documentElement.scrollWidth"))
        b.close()
    server.should_exit=True; t.join(5)
