// Runs before the page is drawn, so that the plain form is not seen for a moment.
if ("noModule" in HTMLScriptElement.prototype) document.documentElement.classList.add("js");
