BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)

    $null = $vms | Remove-VmHostRecord
}

AfterAll { $null = $vms | Remove-VmHostRecord }

Describe 'Get-VmHostRecord' {
    BeforeEach { $vms | Remove-VmHostRecord }

    It 'shows ours with its owner' {
        $null = $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9

        $records = $vms | Get-VmHostRecord

        $records.VmName | Sort-Object | Should -Be ($vms.Name | Sort-Object)
        $records.Owner | Sort-Object -Unique | Should -Be 'HybridMesh'
    }

    It 'becomes JSON' {
        $null = $vms[0] | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9

        ($vms[0] | Get-VmHostRecord | Select-Object VmName, HostName, IPAddress, Resolves | ConvertTo-Json | ConvertFrom-Json).HostName |
            Should -Be 'a.example'
    }

    It 'stops when it has been given enough' {
        $null = $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9

        $vms | Get-VmHostRecord | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'has help with examples' {
        (Get-Help Get-VmHostRecord).Synopsis | Should -BeLike 'Shows the host records*'
        (Get-Help Get-VmHostRecord -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
