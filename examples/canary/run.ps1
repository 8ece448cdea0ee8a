<#
.SYNOPSIS
Moves hello2's traffic to v2 in steps, and shows a step that does not hold backing out by itself.
.DESCRIPTION
Needs examples/http-reciprocal; where its VirtualService is missing, that example's run.ps1 makes it first. Without arguments
it runs on the lab. On a real mesh, name the VMs and how to connect:
  ./run.ps1 -VmPath ./vms.csv -Connect { Connect-Mesh -Kubeconfig k -MeshKubeconfig m -Namespace http-reciprocal-hello }
At the end the weights are as they were. Exits 1 when the canary does not arrive, or the bad one is not taken back.
#>
param(
    [string] $VmPath,
    [scriptblock] $Connect = { $null = Start-MeshLab; Connect-Mesh -Lab -Namespace http-reciprocal-hello },
    [string] $MaxP99 = '5s'
)
$Error.Clear()
& $Connect
$mesh = Get-MeshConnection
if (-not $mesh) { 'Not connected to a mesh: nothing was done.'; exit 1 }
if (-not (Get-TrafficShift hello2-*)) {
    '0  The scenario of http-reciprocal'
    & "$PSScriptRoot/../http-reciprocal/run.ps1" -VmPath $VmPath -Connect {} | Out-Host
    if ($LASTEXITCODE) { exit 1 }
}
$marked = @(Get-TrafficShift hello2-vs | Where-Object Marker)
if ($marked.Count -gt 0) {
    "A shift is under way or was cut off ($($marked[0].Marker)): nothing was done. If it does " +
        'not run any more, Resume-TrafficShift hello2-vs goes on with it, and Undo-TrafficShift hello2-vs goes back.'
    exit 1
}

$route = @{ VirtualService = 'hello2-vs'; Route = 'http-hello-route' }
$entry = "http://$((Get-MeshConnection).IngressAddress):8004/hello/eric"

'1  The weights before'
$before = Get-TrafficShift @route
if (-not $before) { 'There is no route to shift: nothing was done.'; exit 1 }
$before | Out-Host
$weights = @{}
$before.Weights | ForEach-Object { $weights[$_.Subset] = $_.Weight }

'2  What would be done'
Invoke-TrafficShift @route -Step @{ v2 = 5 }, @{ v2 = 25 }, @{ v2 = 50 }, @{ v2 = 100 } -Uri $entry -WhatIf

'3  The canary: each step is set, measured and judged'
$steps = @(Invoke-TrafficShift @route -Step @{ v2 = 5 }, @{ v2 = 25 }, @{ v2 = 50 }, @{ v2 = 100 } `
    -MaxErrorRate 1% -MaxP99 $MaxP99 -Uri $entry)
if ($steps.Count -eq 0) { 'The canary did not begin: the weights are left as they are.'; exit 1 }
$steps | Out-Host

'4  Back to the weights before'
Set-TrafficShift @route -Weight $weights | Out-Host

'5  A canary that is too slow for its limit backs out by itself'
$bad = @(Invoke-TrafficShift @route -Step @{ v3 = 20 }, @{ v3 = 100 } -MaxP99 0.001ms -Uri $entry `
    -ErrorAction SilentlyContinue -ErrorVariable failed)
$bad | Out-Host
$bad[-1].Reason
$after = Get-TrafficShift @route
$after | Out-Host

$arrived = $steps.Count -eq 4 -and $steps[-1].Action -eq 'Completed'
$back = $bad[-1].Action -eq 'RolledBack' -and "$($after.Weights)" -eq "$($before.Weights)"
$unexpected = @($Error | Where-Object { $_.FullyQualifiedErrorId -notlike 'ShiftRolledBack,*' })
if (-not $arrived -or -not $back -or $failed.Count -ne 1 -or $unexpected.Count -gt 0) {
    $steps | Where-Object { $_.Action -ne 'Passed' } | ForEach-Object { "Step $($_.Step): $($_.Action). $($_.Reason)" }
    $unexpected | ForEach-Object { "$_" }
    "Failed: the canary arrived: $arrived; the bad one backed out: $back; $($unexpected.Count) other errors."
    exit 1
}
'The canary arrived in 4 steps; the bad one backed out; the weights are as before.'
exit 0
