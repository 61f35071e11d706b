@echo off
rem Runs Maven: the installed one if it is 3.8 or newer, else one that is downloaded once and checked by its SHA-512.
rem MVNW_REPOURL names another Maven repository.
setlocal
set "VERSION=3.9.11"
set "SHA512=03e2d65d4483a3396980629f260e25cac0d8b6f7f2791e4dc20bc83f9514db8d0f05b0479e699a5f34679250c49c8e52e961262ded468a20de0be254d8207076"

for /f "tokens=3,4 delims=. " %%a in ('mvn -v 2^>nul ^| findstr /c:"Apache Maven"') do (
  if %%a GTR 3 set "INSTALLED=yes"
  if %%a EQU 3 if %%b GEQ 8 set "INSTALLED=yes"
)
if defined INSTALLED (
  call mvn %*
  exit /b %ERRORLEVEL%
)

set "URL=https://archive.apache.org/dist/maven/maven-3/%VERSION%/binaries/apache-maven-%VERSION%-bin.zip"
if defined MVNW_REPOURL set "URL=%MVNW_REPOURL%/org/apache/maven/apache-maven/%VERSION%/apache-maven-%VERSION%-bin.zip"
set "DISTS=%USERPROFILE%\.m2\wrapper\dists"
set "MAVEN=%DISTS%\apache-maven-%VERSION%"
if not exist "%MAVEN%\bin\mvn.cmd" (
  powershell -NoProfile -Command "$ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; $zip=Join-Path $env:TEMP ('apache-maven-'+$env:VERSION+'-bin.zip'); Invoke-WebRequest -UseBasicParsing -OutFile $zip $env:URL; if ((Get-FileHash -Algorithm SHA512 $zip).Hash -ne $env:SHA512) { throw 'mvnw: the SHA-512 of the download is wrong' }; Expand-Archive -Force $zip $env:DISTS; Remove-Item $zip" || exit /b 1
)
call "%MAVEN%\bin\mvn.cmd" %*
exit /b %ERRORLEVEL%
