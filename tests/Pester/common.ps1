# Dot-sourced by every test file: BeforeAll { . $PSScriptRoot/common.ps1 }
Set-StrictMode -Version 3
$script:RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)
if (-not (Get-Module HybridMesh)) {
    Import-Module (Join-Path $RepositoryRoot 'HybridMesh.psd1')
}

# One lab for the whole run, started by the first test that asks; run.ps1 stops it, or the session's end does.
$script:TestLabPath = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID"

function Get-TestLab {
    Start-MeshLab -Path $TestLabPath
}

# Connects this session to the lab and makes sure of a namespace on both planes.
function Connect-TestMesh {
    param([string] $Namespace = 'pester')

    $null = Get-TestLab
    $connection = Connect-Mesh -Lab -LabPath $TestLabPath -Namespace $Namespace -PassThru
    $manifest = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID-$Namespace.yaml"
    Set-Content $manifest "apiVersion: v1`nkind: Namespace`nmetadata:`n  name: $Namespace"
    try {
        $null = Publish-MeshManifest -Path $manifest
    }
    finally {
        Remove-Item $manifest
    }

    $connection
}

# The lab's VMs, ready to be piped into the commands under test.
function Get-TestVm {
    Import-MeshVm -Path (Get-TestLab).VmPath
}

# A VM's hosts file as OpenSSH's own client reads it.
function Get-HostsFile($vm) {
    & ssh -F none -i $vm.KeyFile -o "UserKnownHostsFile=$($vm.KnownHostsFile)" -o BatchMode=yes -p $vm.SshPort `
        "$($vm.User)@$($vm.SshHost)" cat /etc/hosts
}
