@echo off
rem Runs Maven: the installed one if it is 3.8 or newer, else one that is downloaded once and checked by its SHA-512.
rem MVNW_REPOURL names another Maven repository.
setlocal
set "VERSION=3.9.11"
set "SHA512=03e2d65d4483a3396980629f260e25cac0d8b6f7f2791e4dc20bc83f9514db8d0f05b0479e699a5f34679250c49c8e52e961262ded468a20de0be254d8207076"

set "INSTALLED="
for /f "tokens=3,4 delims=. " %%a in ('mvn -v 2^>nul ^| findstr /c:"Apache Maven"') do (
  if %%a GTR 3 set "INSTALLED=yes"
  if %%a EQU 3 if %%b GEQ 8 set "INSTALLED=yes"
)
if not defined INSTALLED goto download
rem Not in a block in parentheses: there ERRORLEVEL would be the one from before the call.
call mvn %*
exit /b %ERRORLEVEL%

:download
set "URL=https://archive.apache.org/dist/maven/maven-3/%VERSION%/binaries/apache-maven-%VERSION%-bin.zip"
if defined MVNW_REPOURL set "URL=%MVNW_REPOURL%/org/apache/maven/apache-maven/%VERSION%/apache-maven-%VERSION%-bin.zip"
set "DISTS=%USERPROFILE%\.m2\wrapper\dists"
set "MAVEN=%DISTS%\kafka-sse-maven-%VERSION%"
if exist "%MAVEN%\bin\mvn.cmd" goto run

rem The folder gets its name when it is complete, so that a broken download is not taken for an installation.
set "PS=$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue';"
set "PS=%PS% [Net.ServicePointManager]::SecurityProtocol=[Net.SecurityProtocolType]::Tls12;"
set "PS=%PS% $work=Join-Path $env:DISTS ('kafka-sse-'+[Guid]::NewGuid()); $zip=Join-Path $work 'maven.zip';"
set "PS=%PS% [void](New-Item -ItemType Directory -Force $work);"
set "PS=%PS% try { [Console]::Error.WriteLine('mvnw: downloading '+$env:URL);"
set "PS=%PS% Invoke-WebRequest -UseBasicParsing -OutFile $zip $env:URL;"
set "PS=%PS% if ((Get-FileHash -Algorithm SHA512 $zip).Hash -ne $env:SHA512) { throw 'mvnw: the SHA-512 of the download is wrong' };"
set "PS=%PS% Expand-Archive $zip $work;"
set "PS=%PS% if (-not (Test-Path $env:MAVEN)) { Move-Item (Join-Path $work ('apache-maven-'+$env:VERSION)) $env:MAVEN } }"
set "PS=%PS% finally { Remove-Item -Recurse -Force $work }"
setlocal
rem If PowerShell 7 has started this script, its modules are on the path, and Windows PowerShell cannot load them.
set "PSModulePath="
powershell -NoProfile -ExecutionPolicy Bypass -Command "%PS%" || exit /b 1
endlocal

:run
call "%MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
