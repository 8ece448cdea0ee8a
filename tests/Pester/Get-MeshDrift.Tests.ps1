BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-drift
    $vms = @(Get-TestVm)
    $null = $vms | Remove-VmHostRecord
    $null = $vms | New-MeshVmApp -ServiceName drift-svc -Port http:8001
}

AfterAll { $null = Remove-MeshVmApp drift-svc -Confirm:$false }

Describe 'Get-MeshDrift' {
    It 'gives nothing when all agrees' {
        Get-MeshDrift | Should -BeNullOrEmpty
    }

    It 'finds a wrong version and names the command that mends it' {
        $null = Get-WorkloadEntry -Address $vms[0].Address | Set-WorkloadEntryVersion -Version wrong

        $drift = @($vms | Get-MeshDrift | Where-Object Kind -EQ VersionDiffers)
        $drift | Should -HaveCount 1
        $drift.VmName | Should -Be $vms[0].Name
        $null = Invoke-Expression $drift.Command

        $vms | Get-MeshDrift | Where-Object Kind -EQ VersionDiffers | Should -BeNullOrEmpty
    }

    It 'finds a stale host record and names the command that mends it' {
        $null = $vms[1] | Add-VmHostRecord -HostName drift-svc.pester-drift.svc.cluster.local -IPAddress 127.19.255.254

        $drift = @($vms | Get-MeshDrift | Where-Object Kind -EQ HostRecordStale)
        $drift | Should -HaveCount 1
        $null = Invoke-Expression $drift.Command

        $vms | Get-MeshDrift | Where-Object Kind -EQ HostRecordStale | Should -BeNullOrEmpty
        $null = $vms[1] | Remove-VmHostRecord
    }

    It 'pipes into the next command' {
        $null = Get-WorkloadEntry -Address $vms[2].Address | Set-WorkloadEntryVersion -Version wrong

        ($vms | Get-MeshDrift | Where-Object Kind -EQ VersionDiffers | Get-VmSidecar).VmName | Should -Be $vms[2].Name
    }

    It 'has help with examples' {
        (Get-Help Get-MeshDrift).Synopsis | Should -BeLike 'Lists what mesh and VMs disagree on*'
        (Get-Help Get-MeshDrift -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
