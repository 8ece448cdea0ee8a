BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh
    $vms = @(Get-TestVm)
    $vms | New-MeshVmApp -ServiceName token-svc -Port http:8001 -Label @{ app = 'token-workload' }
    $null = $vms | New-VmSidecarConfig -ServiceName token-svc | Install-VmSidecar
}

AfterAll {
    $null = $vms | Remove-MeshVm -DrainSec 0 -Confirm:$false
}

Describe 'Update-VmSidecarToken' {
    It 'leaves a token that is good for long' {
        ($vms | Update-VmSidecarToken -IfExpiresWithin 1m).Action | Sort-Object -Unique | Should -Be 'Unchanged'
    }

    It 'renews all with -Force, and the sidecars stay ready' {
        $renewed = $vms | Update-VmSidecarToken -Force -TokenDuration 2h

        $renewed.Action | Sort-Object -Unique | Should -Be 'Updated'
        $renewed.State | Sort-Object -Unique | Should -Be 'Ready'
        $renewed | ForEach-Object { $_.TokenExpires | Should -BeGreaterThan ([DateTimeOffset]::Now.AddMinutes(100)) }
    }

    It 'asks for nothing with -WhatIf' {
        $vms | Update-VmSidecarToken -Force -WhatIf | Should -BeNullOrEmpty
    }

    It 'has help with examples' {
        (Get-Help Update-VmSidecarToken).Synopsis | Should -BeLike 'Renews*'
        (Get-Help Update-VmSidecarToken -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
