<#
.SYNOPSIS
Proves hello2's v2 by requests with a header while everybody else stays on v1, then moves everybody; and shows a version
that fails its limit never reaching anybody else.
.DESCRIPTION
Needs examples/http-reciprocal; where its VirtualService is missing, that example's run.ps1 makes it first. Without arguments
it runs on the lab. On a real mesh, name the VMs and how to connect:
  ./run.ps1 -VmPath ./vms.csv -Connect { Connect-Mesh -Kubeconfig k -MeshKubeconfig m -Namespace http-reciprocal-hello }
At the end the weights are as they were. Exits 1 when green does not arrive, or the bad one is seen by anybody else.
#>
param(
    [string] $VmPath,
    [scriptblock] $Connect = { $null = Start-MeshLab; Connect-Mesh -Lab -Namespace http-reciprocal-hello },
    [string] $MaxP99 = '5s',
    [string] $HeaderName = 'x-release'
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
$entry = "http://$($mesh.IngressAddress):8004/hello/eric"
$before = Get-TrafficShift @route
if (-not $before) { 'There is no route to shift: nothing was done.'; exit 1 }
$weights = @{}
$before.Weights | ForEach-Object { $weights[$_.Subset] = $_.Weight }

'1  Everybody on v1, the blue one'
Set-TrafficShift @route -Weight @{ v1 = 100; v2 = 0; v3 = 0 } | Out-Host

'2  What would be done'
$green = @{ v2 = 100; Header = @{ $HeaderName = 'green' } }, @{ v2 = 100 }
Invoke-TrafficShift @route -Step $green -Uri $entry -WhatIf

'3  Green by header first, then for everybody: each step is set, measured and judged'
$steps = @(Invoke-TrafficShift @route -Step $green -MaxErrorRate 1% -MaxP99 $MaxP99 -Uri $entry)
if ($steps.Count -eq 0) {
    if (-not (Get-TrafficShift hello2-vs | Where-Object Marker)) { Set-TrafficShift @route -Weight $weights | Out-Host }
    'Green did not begin.'
    exit 1
}
$steps | Out-Host
$steps | ForEach-Object { "Step $($_.Step): $($_.Reason)" }

'4  A next version that is too slow for its limit: only requests with the header ever meet it'
$next = @{ v3 = 100; Header = @{ $HeaderName = 'next' } }, @{ v3 = 100 }
$bad = @(Invoke-TrafficShift @route -Step $next -MaxP99 0.001ms -Uri $entry `
    -ErrorAction SilentlyContinue -ErrorVariable failed)
$bad | Out-Host
$bad | ForEach-Object { "Step $($_.Step): $($_.Reason)" }
$after = @(Get-TrafficShift hello2-vs)
$after | Out-Host

'5  Back to the weights before'
Set-TrafficShift @route -Weight $weights | Out-Host

$arrived = $steps.Count -eq 2 -and $steps[-1].Action -eq 'Completed'
$unseen = $bad.Count -eq 1 -and $bad[0].Action -eq 'RolledBack' -and $bad[0].Header -and
    "$(($after | Where-Object Route -eq $route.Route).Weights)" -eq "$($steps[-1].Weights)" -and
    -not ($after | Where-Object Route -like '*-hybridmesh-header')
$unexpected = @($Error | Where-Object { $_.FullyQualifiedErrorId -notlike 'ShiftRolledBack,*' })
if (-not $arrived -or -not $unseen -or $failed.Count -ne 1 -or $unexpected.Count -gt 0) {
    $unexpected | ForEach-Object { "$_" }
    "Failed: green arrived: $arrived; the bad one was seen by nobody else: $unseen; $($unexpected.Count) other errors."
    exit 1
}
'Green was proved by header, then took everybody; the bad one backed out unseen; the weights are as before.'
exit 0
