BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh
    $vms = @(Get-TestVm)
    $vms | New-MeshVmApp -ServiceName sidecar-svc -Port http:8001 -Label @{ app = 'sidecar-workload' }
    $configs = @($vms | New-VmSidecarConfig -ServiceName sidecar-svc)
}

AfterAll {
    $null = $vms | Remove-MeshVm -DrainSec 0 -Confirm:$false
}

Describe 'Install-VmSidecar' {
    It 'changes nothing with -WhatIf' {
        $configs | Install-VmSidecar -WhatIf | Should -BeNullOrEmpty
    }

    It 'brings a sidecar up on every VM' {
        $sidecars = $configs | Install-VmSidecar

        $sidecars | Should -HaveCount $vms.Count
        $sidecars.State | Sort-Object -Unique | Should -Be 'Ready'
    }

    It 'says Unchanged the second time, with new tokens too' {
        $again = $vms | New-VmSidecarConfig -ServiceName sidecar-svc | Install-VmSidecar

        $again.Action | Sort-Object -Unique | Should -Be 'Unchanged'
    }

    It 'takes the folder that New-VmSidecarConfig wrote' {
        $null = $vms | New-VmSidecarConfig -ServiceName sidecar-svc -OutputPath $TestDrive/bootstrap

        ($vms[0] | Install-VmSidecar -Path $TestDrive/bootstrap).State | Should -Be 'Ready'
    }

    It 'refuses the files of another VM' {
        $vms[1] | Install-VmSidecar -Path $TestDrive/bootstrap/$($vms[0].Name) -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'SidecarConfigInvalid,*'
        $failed[0].TargetObject.Name | Should -Be $vms[1].Name
    }

    It 'has help with examples' {
        (Get-Help Install-VmSidecar).Synopsis | Should -BeLike 'Delivers*'
        (Get-Help Install-VmSidecar -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
