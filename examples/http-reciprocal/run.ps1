<#
.SYNOPSIS
Shifts HTTP traffic between pods and VMs: hello1 (pod) -> hello2 (three VMs, three versions) -> hello3 (pod).
.DESCRIPTION
Without arguments it runs on the lab. On a real mesh, name the VMs and how to connect:
  ./run.ps1 -VmPath ./vms.csv -Connect { Connect-Mesh -Kubeconfig k -MeshKubeconfig m -Namespace http-reciprocal-hello }
A second run changes nothing. -CheckOnly repeats only the checks (steps 7 to 10).
Every step's result goes to the screen as a table of its own. Exits 1 when a step or a path fails or the split is Inconsistent.
#>
param(
    [string] $VmPath,
    [scriptblock] $Connect = { $null = Start-MeshLab; Connect-Mesh -Lab -Namespace http-reciprocal-hello },
    [string] $Image = 'registry.cn-beijing.aliyuncs.com/asm_repo/http_springboot_{0}:1.0.1',
    [switch] $CheckOnly
)
$Error.Clear()
& $Connect
$mesh = Get-MeshConnection
if (-not $mesh) { 'Not connected to a mesh: nothing was done.'; exit 1 }
$domain = "$($mesh.Namespace).svc.cluster.local"
if (-not $VmPath) { $VmPath = (Get-MeshLab).VmPath }
$vms = @(Import-MeshVm $VmPath)    # Name,Address,SshHost,SshPort,User,KeyFile,Version
if ($vms.Count -eq 0) { "No VMs in '$VmPath': nothing was done."; exit 1 }

if (-not $CheckOnly) {
    '1  An app on every VM'
    $vms | Start-VmApp -Name hello2 -Image { $Image -f $_.Version } -Environment @{ HTTP_HELLO_BACKEND = "hello3-svc.$domain" } | Out-Host

    '2  The pods of hello1 and hello3'
    Publish-MeshManifest "$PSScriptRoot/data-plane" -Wait | Out-Host
    Get-MeshPod | Out-Host
    Get-MeshService | Out-Host

    '3  hello2 enters the mesh'
    $vms | New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello-workload' } | Out-Host

    '4  Gateway and routes'
    if ($mesh.MeshId) { Publish-MeshManifest "$PSScriptRoot/asm" | Out-Host }
    Publish-MeshManifest "$PSScriptRoot/control-plane" | Out-Host

    '5  A version for each WorkloadEntry'
    $vms | Set-WorkloadEntryVersion -ServiceName hello2-svc | Out-Host

    '6  A host record for hello3 on every VM'
    $vms | Add-VmHostRecord -ServiceName hello3-svc | Out-Host
}

'7  From each VM: hello3 by pod address and by service name'
$paths = @(
    foreach ($pod in Get-MeshPod -Label app=hello3-deploy) {
        $vms | Test-MeshPath -Uri "http://$($pod.Address):8001/hello/pod_testing_msg"
    }
    $vms | Test-MeshPath -Uri "http://hello3-svc.${domain}:8001/hello/svc_testing_msg"
)
$paths | Out-Host

'8  From the hello1 pod: each VM, the service of the VMs, the whole chain'
$fromPod = @{ FromPod = 'app=hello1-deploy'; Container = 'hello-v1-deploy' }
$chains = @(
    $vms | Test-MeshPath @fromPod -Uri { "http://$($_.Address):8001/hello/eric" }
    Test-MeshPath @fromPod -Uri "http://hello2-svc.${domain}:8001/hello/eric"
    Test-MeshPath @fromPod -Uri "http://hello1-svc.${domain}:8004/hello/eric"
)
$chains | Out-Host

'9  From outside: does 30:60:10 arrive?'
$entry = "http://$((Get-MeshConnection).IngressAddress):8004/hello/eric"
$splits = @(
    Measure-TrafficShift -Uri $entry -VirtualService hello2-vs -Count 100     # a first look: too few to tell
    Measure-TrafficShift -Uri $entry -VirtualService hello2-vs -Count 2000    # enough to tell
)
$splits | Out-Host

'10 The other route: does 90:5:5 arrive? Its answers name no VM; the version is the second word of the chain'
$words = @{ v1 = '^Bye byeBye bye'; v2 = '^Bye byeAu revoir'; v3 = '^Bye byeAdióbais' }
$bye = Measure-TrafficShift -Uri $entry.Replace('/hello/eric', '/bye') -VirtualService hello2-vs -VersionPattern $words
$bye | Out-Host
$splits += $bye

$failed = @($paths + $chains | Where-Object { -not $_.Success })
$wrong = @($splits | Where-Object { $_.Verdict -eq 'Inconsistent' })
if ($Error.Count + $failed.Count + $wrong.Count -gt 0) {
    $failed | ForEach-Object { "$($_.From) -> $($_.Uri)"; "    $($_.FailedStage): $($_.Detail)" }
    "Failed: $($Error.Count) errors, $($failed.Count) of $($paths.Count + $chains.Count) paths, $($wrong.Count) wrong splits."
    exit 1
}
"All $($paths.Count + $chains.Count) paths work; the splits are $($splits[-2].Verdict) and $($splits[-1].Verdict)."
exit 0
