"use strict";
// Passkeys, and forms that are sent once. Without this file every page works by codes.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const asked = (options) => {
    const found = { ...options, challenge: bytes(options.challenge) };
    if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
    if (options.allowCredentials) found.allowCredentials = named(options.allowCredentials);
    if (options.excludeCredentials) found.excludeCredentials = named(options.excludeCredentials);
    return found;
  };

  const answered = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
  };

  const put = (form, name, value) => {
    const input = form.querySelector(`input[type=hidden][name="${name}"]`) || form.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  };

  const use = async (button) => {
    const form = button.form;
    const body = new URLSearchParams(new FormData(form));
    body.set("step", "passkey");
    const reply = await fetch(form.getAttribute("action") || location.pathname, { method: "POST", body, redirect: "manual" });
    if (!reply.ok || !(reply.headers.get("content-type") || "").startsWith("application/json")) return form.submit();
    const { ticket, options } = await reply.json();
    const publicKey = asked(options);
    const credential = await navigator.credentials[button.dataset.passkey]({ publicKey });
    put(form, "ticket", ticket);
    put(form, "response", JSON.stringify(answered(credential)));
    put(form, "step", "sign");
    form.submit();
  };

  if (window.PublicKeyCredential) {
    for (const each of document.querySelectorAll("[data-script]")) each.hidden = false;
    for (const button of document.querySelectorAll("[data-passkey]")) {
      button.hidden = false;
      button.addEventListener("click", async (event) => {
        event.preventDefault();
        button.disabled = true;
        try { await use(button); } catch { button.disabled = false; }
      });
    }
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
