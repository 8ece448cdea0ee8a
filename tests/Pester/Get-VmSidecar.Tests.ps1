BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh
    $vms = @(Get-TestVm)
}

Describe 'Get-VmSidecar' {
    It 'shows what is wrong with every sidecar that is not ready' {
        $sidecars = $vms | Get-VmSidecar

        $sidecars.VmName | Sort-Object | Should -Be ($vms.Name | Sort-Object)
        foreach ($sidecar in $sidecars | Where-Object State -NE Ready) {
            $sidecar.Problems | Should -Not -BeNullOrEmpty
        }
    }

    It 'becomes JSON' {
        ($vms[0] | Get-VmSidecar | Select-Object VmName, State | ConvertTo-Json -EnumsAsStrings | ConvertFrom-Json).State |
            Should -BeIn 'Absent', 'Stopped', 'NotReady', 'Ready'
    }

    It 'stops when it has been given enough' {
        $vms | Get-VmSidecar | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'has help with examples' {
        (Get-Help Get-VmSidecar).Synopsis | Should -BeLike 'Shows whether the sidecars*'
        (Get-Help Get-VmSidecar -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
