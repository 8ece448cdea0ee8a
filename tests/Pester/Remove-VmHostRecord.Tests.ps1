BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)

    $null = $vms | Remove-VmHostRecord
    $before = Get-HostsFile $vms[0]
}

AfterAll { $null = $vms | Remove-VmHostRecord }

Describe 'Remove-VmHostRecord' {
    BeforeEach {
        $vms | Remove-VmHostRecord
        $null = $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9
        $null = $vms | Add-VmHostRecord -HostName b.example -IPAddress 127.19.9.8
    }

    It 'removes the record that is piped in' {
        ($vms | Get-VmHostRecord -HostName a.example | Remove-VmHostRecord).Action | Sort-Object -Unique | Should -Be 'Removed'

        ($vms[0] | Get-VmHostRecord).HostName | Should -Be 'b.example'
    }

    It 'leaves the file as it was before the first record' {
        $null = $vms | Remove-VmHostRecord

        Get-HostsFile $vms[0] | Should -Be $before
    }

    It 'changes nothing with -WhatIf' {
        $vms | Remove-VmHostRecord -WhatIf | Should -BeNullOrEmpty

        $vms | Get-VmHostRecord | Should -HaveCount (2 * $vms.Count)
    }

    It 'has help with examples' {
        (Get-Help Remove-VmHostRecord).Synopsis | Should -BeLike 'Takes back what*'
        (Get-Help Remove-VmHostRecord -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
