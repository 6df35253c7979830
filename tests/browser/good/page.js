"use strict";
document.getElementById("result").textContent = "Nothing is asked yet.";
