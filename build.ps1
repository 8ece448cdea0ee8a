<#
.SYNOPSIS
Builds, tests, shows or packs HybridMesh. build.sh does the same where no pwsh is.
.EXAMPLE
./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Package')]
    [string] $Task = 'Build',

    # For -Task Demo: the example, unless it is http-reciprocal, and what is handed to its script.
    [Parameter(ValueFromRemainingArguments)]
    [string[]] $ArgumentList = @()
)

$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_NOLOGO = $env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_SKIP_FIRST_TIME_EXPERIENCE = $env:MSBUILDDISABLENODEREUSE = '1'

function Invoke-Phase {
    param([string] $Name, [string[]] $Arguments)

    $watch = [Diagnostics.Stopwatch]::StartNew()
    $output = & dotnet @Arguments 2>&1
    if ($LASTEXITCODE -ne 0) {
        $output | Select-String ': (error|warning) ' | Sort-Object -Unique | Select-Object -First 50 | Out-Host
        throw "$Name failed: dotnet $Arguments"
    }

    '{0,-40} {1,4:0} s' -f $Name, $watch.Elapsed.TotalSeconds | Out-Host
}

function Invoke-Build {
    param([string] $Solution)

    if (-not (Get-Command dotnet -ErrorAction Ignore) -or -not ((dotnet --list-sdks) -match '^10\.')) {
        throw 'The .NET SDK 10 is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0.'
    }

    Invoke-Phase 'restore' 'restore', $Solution, '-v', 'q', '--disable-build-servers'
    Invoke-Phase 'build (a warning fails it)' 'build', $Solution, '--no-restore', '-v', 'q', '--disable-build-servers'
}

function Invoke-TestProject {
    $totals = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($project in Get-ChildItem tests -Directory -Filter *.Tests) {
        $output = dotnet test "$project/bin/Debug/net10.0/$($project.Name).dll" --settings tests/test.runsettings 2>&1
        $failed = $LASTEXITCODE -ne 0
        $summary = $output | Select-String 'Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+)' | Select-Object -Last 1
        $numbers = if ($summary) { [int[]] $summary.Matches[0].Groups[1..3].Value } else { 0, 0, 0 }
        # A run that broke off, or failed outside any test, counts as one failure.
        if (($failed -or -not $summary) -and $numbers[0] -eq 0) { $numbers[0] = 1 }
        if ($numbers[0] -gt 0) { $output | Out-Host }
        '{0,-32} {1,4} passed {2,3} failed {3,3} skipped' -f $project.Name, $numbers[1], $numbers[0], $numbers[2] | Out-Host
        $totals.Failed += $numbers[0]
        $totals.Passed += $numbers[1]
        $totals.Skipped += $numbers[2]
    }

    $totals
}

switch ($Task) {
    'Build' {
        Invoke-Build HybridMesh.sln
        "The module is ready: Import-Module $PSScriptRoot/HybridMesh.psd1"
    }
    'Demo' {
        Invoke-Build src/Product.slnf
        $shell = "src/HybridMesh.Shell/bin/Debug/net10.0/HybridMesh.Shell$(if ($IsWindows) { '.exe' })"
        $example, $rest = 'http-reciprocal', $ArgumentList
        if ($ArgumentList -and (Test-Path "examples/$($ArgumentList[0])/run.ps1")) {
            $example, $rest = $ArgumentList
        }

        & $shell "examples/$example/run.ps1" @rest
        exit $LASTEXITCODE
    }
    'Test' {
        Invoke-Build HybridMesh.sln
        Invoke-Phase 'format' 'format', 'whitespace', '.', '--folder', '--verify-no-changes'
        $totals = Invoke-TestProject
        $pester = 0
        if (Get-Module Pester -ListAvailable | Where-Object Version -GE 5.5) {
            pwsh -NoProfile -NonInteractive -File tests/Pester/run.ps1
            $pester = $LASTEXITCODE
        }
        else {
            'Pester did not run: its module is not installed (Install-Module Pester).'
        }

        '{0} passed, {1} failed, {2} skipped' -f $totals.Passed, $totals.Failed, $totals.Skipped
        if ($totals.Failed -gt 0 -or $pester -ne 0) { exit 1 }
    }
    'Package' {
        Invoke-Build src/Product.slnf
        dotnet msbuild src/Package.proj -nologo
        exit $LASTEXITCODE
    }
}
