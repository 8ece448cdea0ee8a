BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-entry
    $null = Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false
    $vms = Get-TestVm
    $null = $vms | New-MeshVmApp hello2-svc http:8001
}

Describe 'Get-WorkloadEntry' {
    It 'gives the service, address and version of each entry' {
        $entries = Get-WorkloadEntry

        $entries | Should -HaveCount 3
        $entries[0] | Should -BeOfType ([HybridMesh.Core.WorkloadEntry])
        $entries.ServiceName | Select-Object -Unique | Should -Be 'hello2-svc'
        $entries.Version | Should -Be 'v1', 'v2', 'v3'
    }

    It 'filters by service, address and version' {
        Get-WorkloadEntry no-such | Should -BeNullOrEmpty
        (Get-WorkloadEntry hello* -Address $vms[1].Address).Version | Should -Be 'v2'
        (Get-WorkloadEntry -Version v3).Address | Should -Be $vms[2].Address
    }

    It 'finds the entries of VMs' {
        # An array has a method Address of its own.
        $vms[2], $vms[0] | Get-WorkloadEntry | ForEach-Object Address | Sort-Object | Should -Be $vms[0].Address, $vms[2].Address
    }

    It 'becomes JSON with its labels' {
        (Get-WorkloadEntry -Version v1 | ConvertTo-Json | ConvertFrom-Json).Labels.app | Should -Be 'hello2-svc'
    }
}
