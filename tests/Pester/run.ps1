#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }
<#
.SYNOPSIS
Runs the Pester files in this session's pwsh and ends with their number: exit 1 when one failed.
#>
param([string[]] $Path = $PSScriptRoot)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSStyle.OutputRendering = 'PlainText'
Import-Module Pester -MinimumVersion 5.5.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'

try {
    $result = Invoke-Pester -Configuration $configuration
}
finally {
    # The lab that common.ps1 started for the whole run.
    $lab = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID"
    if (Test-Path $lab) {
        $null = Stop-MeshLab -Path $lab -ErrorAction SilentlyContinue
        Remove-Item $lab -Recurse -Force -ErrorAction SilentlyContinue
    }
}

$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'Pester: {0} passed, {1} failed, {2} skipped in {3:0} s' -f $result.PassedCount, $failed, $result.SkippedCount, $result.Duration.TotalSeconds
if ($failed -gt 0 -or $result.PassedCount -eq 0) { exit 1 }
