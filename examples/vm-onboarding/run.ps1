<#
.SYNOPSIS
Takes VMs into the mesh: registered, so that pods find them, and with a sidecar, so that they find pods. -Remove takes them out.
.DESCRIPTION
Without arguments it runs on the lab. On a real mesh, name the VMs and how to connect:
  ./run.ps1 -VmPath ./vms.csv -Connect { Connect-Mesh -Kubeconfig k -MeshKubeconfig m -Namespace vm-onboarding }
  ./run.ps1 -VmPath ./vms.csv -Provider Asm -Connect { Connect-Mesh -Kubeconfig k -MeshId c08ba3fd1e6484b0f8cc1ad8fe10d0000 -Namespace vm-onboarding }
A second run changes nothing (with Asm it delivers the new key that GetVmMeta gives). -Rehearse also renews the tokens, and makes a mistake that is found and mended.
Every step's result goes to the screen as a table of its own. Exits 1 when a step fails or something disagrees.
#>
param(
    [string] $VmPath,
    [scriptblock] $Connect = { $null = Start-MeshLab; Connect-Mesh -Lab -Namespace vm-onboarding },
    [ValidateSet('Istio', 'Asm')] [string] $Provider = 'Istio',
    [string] $Image = 'registry.cn-beijing.aliyuncs.com/asm_repo/http_springboot_{0}:1.0.1',
    [switch] $Rehearse,
    [switch] $Remove
)
$Error.Clear()
& $Connect
$mesh = Get-MeshConnection
if (-not $mesh) { 'Not connected to a mesh: nothing was done.'; exit 1 }
if (-not $VmPath) { $VmPath = (Get-MeshLab).VmPath }
$vms = @(Import-MeshVm $VmPath)    # Name,Address,SshHost,SshPort,User,KeyFile,Version
if ($vms.Count -eq 0) { "No VMs in '$VmPath': nothing was done."; exit 1 }

if ($Remove) {
    'Off board: the routes, then the VMs, then the pods'
    Remove-MeshManifest "$PSScriptRoot/control-plane" -Confirm:$false | Out-Host    # no VM goes while a route needs it
    $vms | Remove-MeshVm -Provider $Provider -Confirm:$false | Out-Host
    Remove-MeshManifest "$PSScriptRoot/data-plane" -Confirm:$false | Out-Host
    if ($Error.Count -gt 0) { "Failed: $($Error.Count) errors. Run it again to complete it."; exit 1 }
    "$($vms.Count) VMs are out of the mesh."
    exit 0
}

'1  A pod that the VMs call, and routes to the VMs'
Publish-MeshManifest "$PSScriptRoot/data-plane" -Wait | Out-Host
Publish-MeshManifest "$PSScriptRoot/control-plane" | Out-Host

'2  An app on every VM'
$vms | Start-VmApp -Name hello2 -Image { $Image -f $_.Version } | Out-Host

'3  The VMs enter the mesh: pods find them'
Import-MeshVm $VmPath | New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello2' } -Provider $Provider | Out-Host

'4  A sidecar on every VM: they find pods'
$vms | New-VmSidecarConfig -ServiceName hello2-svc -Provider $Provider | Install-VmSidecar | Out-Host

if ($Rehearse) {
    'A  Rehearsal: new tokens before the old ones end'
    $vms | Update-VmSidecarToken -Force | Out-Host

    'B  Rehearsal: a version that only the WorkloadEntry has, and what is said of it'
    $vms[0] | Set-WorkloadEntryVersion -ServiceName hello2-svc -Version v9 | Out-Host
    $mistakes = @($vms | Get-MeshDrift -ServiceName hello2-svc)
    $mistakes | Out-Host
    if ($mistakes.Count -eq 0) { 'Failed: the mistake was not found.'; exit 1 }

    'C  Rehearsal: it is mended by the command that was given'
    $mistakes | ForEach-Object { $_.Command; & ([scriptblock]::Create($_.Command)) } | Out-Host
}

'5  Each sidecar: does it run, until when, do mesh, VM and app agree?'
$app = @{
    AppUri         = { "http://$($_.Address):8001/hello/who" }
    VersionPattern = @{ v1 = '^Hello'; v2 = '^Bonjour'; v3 = '^Hola' }
}
$sidecars = @($vms | Get-VmSidecar @app)
$sidecars | Out-Host

'6  From each VM: the pods of hello3'
$paths = @(foreach ($pod in Get-MeshPod -Label app=hello3-deploy) {
    $vms | Test-MeshPath -Uri "http://$($pod.Address):8001/hello/eric"
})
$paths | Out-Host

'7  What disagrees'
$drift = @($vms | Get-MeshDrift -ServiceName hello2-svc @app)
$drift | Out-Host

$bad = @($sidecars | Where-Object { $_.State -ne 'Ready' -or -not $_.Agrees })
$failed = @($paths | Where-Object { -not $_.Success })
if ($Error.Count + $bad.Count + $failed.Count + $drift.Count -gt 0 -or $sidecars.Count -ne $vms.Count) {
    $bad | ForEach-Object { "$($_.VmName): $($_.State)"; $_.Problems }
    $failed | ForEach-Object { "$($_.From) -> $($_.Uri)"; "    $($_.FailedStage): $($_.Detail)" }
    $drift | ForEach-Object { $_.Message; "    $($_.Command)" }
    "Failed: $($Error.Count) errors, $($bad.Count) of $($vms.Count) sidecars, $($failed.Count) paths, $($drift.Count) disagreements."
    exit 1
}
"$($vms.Count) VMs are in the mesh; nothing disagrees."
exit 0
