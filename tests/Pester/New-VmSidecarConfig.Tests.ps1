BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'New-VmSidecarConfig' {
    BeforeAll {
        $folder = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID-config"
        $null = New-Item $folder -ItemType Directory
        Set-Content "$folder/group.yaml" @'
kind: WorkloadGroup
metadata: { name: shop, namespace: trade }
spec:
  metadata: { labels: { app: shop } }
  template: { ports: { http: 8080 }, serviceAccount: vm-account }
'@
        Set-Content "$folder/mesh.yaml" 'trustDomain: cluster.local'
        Set-Content "$folder/ca.pem" 'fake'
        Set-Content "$folder/token" 'fake' -NoNewline
        $offline = @{
            Path           = "$folder/group.yaml"
            MeshConfigPath = "$folder/mesh.yaml"
            RootCertPath   = "$folder/ca.pem"
            TokenPath      = "$folder/token"
            ClusterId      = 'Kubernetes'
            IngressIP      = '127.0.0.9'
            WarningAction  = 'SilentlyContinue'
        }
        $vms = @{ Name = 'vm1'; Address = '127.0.0.11'; Version = 'v1' }, @{ Name = 'vm2'; Address = '127.0.0.12'; Version = 'v2' }
    }

    AfterAll { Remove-Item $folder -Recurse }

    It 'makes files for each VM, with its own version and address' {
        $configs = $vms | New-VmSidecarConfig @offline
        $configs.VmName | Should -Be 'vm1', 'vm2'
        $configs[1].Find('cluster.env').GetText() | Should -Match "CANONICAL_REVISION='v2'"
        $configs[1].Find('cluster.env').GetText() | Should -Match "ISTIO_SVC_IP='127.0.0.12'"
    }

    It 'never shows the token' {
        $config = $vms[0] | New-VmSidecarConfig @offline
        $config | ConvertTo-Json -Depth 5 | Should -Not -Match 'fake'
        $config | Format-List * | Out-String | Should -Not -Match 'fake'
    }

    It 'writes folders of VMs once' {
        ($vms | New-VmSidecarConfig @offline -OutputPath "$folder/out").Action | Should -Be 'Created', 'Created'
        ($vms | New-VmSidecarConfig @offline -OutputPath "$folder/out").Action | Should -Be 'Unchanged', 'Unchanged'
        Get-Content "$folder/out/vm1/hosts" | Should -Be '127.0.0.9 istiod.istio-system.svc'
        if (-not $IsWindows) {
            (Get-Item "$folder/out/vm1/istio-token").UnixFileMode | Should -Be 'UserWrite, UserRead'
        }
    }

    It 'writes nothing with -WhatIf' {
        $vms | New-VmSidecarConfig @offline -OutputPath "$folder/none" -WhatIf | Should -BeNullOrEmpty
        "$folder/none" | Should -Not -Exist
    }
}
