# CM Desk from source on Windows, where there is no make: sets up .venv once, then opens the window.
#   powershell -ExecutionPolicy Bypass -File packaging\windows\run.ps1 [--demo]
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

$lock = "requirements\app.txt"
$stamp = ".venv\.installed-app"
$venvPython = ".venv\Scripts\python.exe"
$fingerprint = (Get-FileHash $lock -Algorithm SHA256).Hash

if (-not (Test-Path $stamp) -or (Get-Content $stamp -Raw).Trim() -ne $fingerprint) {
    if (-not (Test-Path $venvPython)) {
        & py -3 -c "import sys; raise SystemExit(sys.version_info < (3, 11))"
        if ($LASTEXITCODE -ne 0) { throw "Python 3.11 or newer is needed: https://www.python.org/downloads/" }
        & py -3 -m venv .venv
        if ($LASTEXITCODE -ne 0) { throw "The virtual environment could not be made." }
    }
    Write-Host "Installing the locked dependencies of $lock"
    & $venvPython -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $lock
    if ($LASTEXITCODE -ne 0) { throw "The dependencies could not be installed; run this again to go on." }
    Set-Content $stamp $fingerprint
}

& $venvPython main.py @args
exit $LASTEXITCODE
