<#
.SYNOPSIS
Shifts gRPC calls between pods and VMs: hello1 (pod) -> hello2 (three VMs, three versions) -> hello3 (pod).
.DESCRIPTION
gRPC keeps one connection for many calls: calls, not connections, must be split.
Without arguments it runs on the lab. On a real mesh, name the VMs and how to connect:
  ./run.ps1 -VmPath ./vms.csv -Connect { Connect-Mesh -Kubeconfig k -MeshKubeconfig m -Namespace grpc-reciprocal-hello }
A second run changes nothing. -CheckOnly repeats only the check (step 7).
-PinConnections shows how it looks when connections are split: the lab is told to keep each connection at one backend
while step 8 measures, and the split must be Inconsistent by StickyConnection. Only the lab can do that.
-LabPath names the lab's folder; the default is this session's lab, else the user's.
Every step's result goes to the screen as a table of its own. Exits 1 when a step fails or a verdict is not as it must
be.
#>
param(
    [string] $VmPath,
    [scriptblock] $Connect = {
        $lab = if ($LabPath) { Start-MeshLab -Path $LabPath } else { Start-MeshLab }
        Connect-Mesh -Lab -LabPath $lab.Path -Namespace grpc-reciprocal-hello
    },
    [string] $Image = 'registry.cn-beijing.aliyuncs.com/asm_repo/grpc_springboot_{0}:1.0.0',
    [switch] $CheckOnly,
    [switch] $PinConnections,
    [string] $LabPath
)
$Error.Clear()
& $Connect
$mesh = Get-MeshConnection
if (-not $mesh) { 'Not connected to a mesh: nothing was done.'; exit 1 }
$domain = "$($mesh.Namespace).svc.cluster.local"
if (-not $VmPath) { $VmPath = $(if ($LabPath) { Get-MeshLab $LabPath } else { Get-MeshLab }).VmPath }
$vms = @(Import-MeshVm $VmPath)    # Name,Address,SshHost,SshPort,User,KeyFile,Version
if ($vms.Count -eq 0) { "No VMs in '$VmPath': nothing was done."; exit 1 }

if (-not $CheckOnly) {
    '1  An app on every VM'
    $backend = @{ GRPC_HELLO_BACKEND = "hello3-svc.$domain" }
    $vms | Start-VmApp -Name grpc-hello2 -Image { $Image -f $_.Version } -Environment $backend | Out-Host

    '2  The pods of hello1 and hello3'
    Publish-MeshManifest "$PSScriptRoot/data-plane" -Wait | Out-Host
    Get-MeshPod | Out-Host
    Get-MeshService | Out-Host

    '3  hello2 enters the mesh: a port named grpc, or the mesh would split connections'
    $vms | New-MeshVmApp -ServiceName hello2-svc -Port grpc:7001 -Label @{ app = 'hello-workload' } | Out-Host

    '4  Gateway and routes'
    if ($mesh.MeshId) { Publish-MeshManifest "$PSScriptRoot/asm" | Out-Host }
    Publish-MeshManifest "$PSScriptRoot/control-plane" | Out-Host

    '5  A version for each WorkloadEntry'
    $vms | Set-WorkloadEntryVersion -ServiceName hello2-svc | Out-Host

    '6  A host record for hello3 on every VM'
    $vms | Add-VmHostRecord -ServiceName hello3-svc | Out-Host
}

$call = @{
    Uri            = "grpc://$((Get-MeshConnection).IngressAddress):7004/org.feuyeux.grpc.Greeter/SayHello"
    Message        = @{ name = 'eric' }
    VirtualService = 'hello2-vs'
    Count          = 2000
    Concurrency    = 4
}

'7  From outside, 2000 calls over 4 long-lived connections: does 30:60:10 arrive?'
$split = Measure-TrafficShift @call
$split | Out-Host

$pinned = $null
if ($PinConnections) {
    '8  The same while the lab keeps each connection at one backend'
    $lab = if ($LabPath) { Get-MeshLab $LabPath } else { Get-MeshLab }
    $fault = "$PSScriptRoot/../../module/lab/HybridMesh.Lab.dll", 'fault', 'mesh', 'connections'
    if ($lab) {
        $call.Count = 200    # one version has them all: that shows soon
        & dotnet @fault pin --path $lab.Path
        try { $pinned = Measure-TrafficShift @call } finally { & dotnet @fault spread --path $lab.Path }
        $pinned | Out-Host
    }
}

$lost = @($split, $pinned | Where-Object { $_ -and ($_.Errors.Count -gt 0 -or $_.Unattributed -gt 0) })
$sticks = $pinned -and $pinned.Verdict -eq 'Inconsistent' -and $pinned.Diagnosis[0].Cause -eq 'StickyConnection'
$right = $split.Verdict -eq 'Consistent' -and (-not $PinConnections -or $sticks)
$found = if ($PinConnections) { ", with pinned connections '$($pinned.Verdict)' by '$($pinned.Diagnosis.Cause)'" }
if ($Error.Count -gt 0 -or $lost.Count -gt 0 -or -not $right) {
    "Failed: $($Error.Count) errors; the split is '$($split.Verdict)'$found."
    exit 1
}
"Every call was answered; the split is '$($split.Verdict)'$found$(if ($PinConnections) { ', as it must be' })."
exit 0
