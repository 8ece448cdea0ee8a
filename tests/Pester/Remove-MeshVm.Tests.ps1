BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-remove-vm
}

Describe 'Remove-MeshVm' {
    BeforeEach {
        $vms = Get-TestVm
        $null = $vms | New-MeshVmApp gone-svc http:8001
        $null = $vms | Add-VmHostRecord -HostName gone.example -IPAddress 127.0.0.9
    }

    AfterAll { $null = Get-TestVm | Remove-MeshVm -DrainSec 0 -Confirm:$false }

    It 'takes all VMs out, and is Unchanged the second time' {
        $gone = $vms | Remove-MeshVm -DrainSec 0 -Confirm:$false
        $gone.Action | Select-Object -Unique | Should -Be 'Removed'
        $gone | Should -HaveCount 3
        Get-WorkloadEntry | Should -BeNullOrEmpty
        Get-MeshVmApp gone* | Should -BeNullOrEmpty
        $vms | Get-VmHostRecord -HostName gone.example | Should -BeNullOrEmpty

        ($vms | Remove-MeshVm -Confirm:$false).Action | Select-Object -Unique | Should -Be 'Unchanged'
    }

    It 'leaves the app to the other VMs' {
        ($vms[0] | Remove-MeshVm -DrainSec 0 -Confirm:$false).Name | Should -Be $vms[0].Name

        (Get-MeshVmApp gone-svc).WorkloadEntries | Should -HaveCount 2
    }

    It 'takes rows of Import-Csv' {
        $rows = Import-Csv (Get-TestLab).VmPath
        ($rows | Remove-MeshVm -DrainSec 0 -Confirm:$false).Name | Sort-Object | Should -Be ($vms.Name | Sort-Object)
    }

    It 'changes nothing with -WhatIf' {
        $vms | Remove-MeshVm -WhatIf | Should -BeNullOrEmpty

        (Get-MeshVmApp gone-svc).WorkloadEntries | Should -HaveCount 3
    }

    It 'shows what went as a table' {
        $vms | Remove-MeshVm -DrainSec 0 -Confirm:$false | Out-String | Should -Match 'Removed +WorkloadEntry'
    }
}
