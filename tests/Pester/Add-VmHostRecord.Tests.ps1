BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)

    $null = $vms | Remove-VmHostRecord
    $before = Get-HostsFile $vms[0]
}

AfterAll { $null = $vms | Remove-VmHostRecord }

Describe 'Add-VmHostRecord' {
    BeforeEach { $vms | Remove-VmHostRecord }

    It 'lets each VM resolve the name' {
        $records = $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9

        $records | Should -HaveCount $vms.Count
        $records.Action | Should -Be (@('Created') * $vms.Count)
        $records | ForEach-Object { $_.Resolves | Should -Be '127.19.9.9' }
    }

    It 'leaves foreign lines as they are and changes nothing the second time' {
        $null = $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9
        $once = Get-HostsFile $vms[0]

        ($vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9).Action | Sort-Object -Unique | Should -Be 'Unchanged'

        Get-HostsFile $vms[0] | Should -Be $once
        $once[0..($before.Count - 1)] | Should -Be $before
    }

    It 'takes rows as Import-Csv gives them' {
        $rows = Import-Csv (Get-TestLab).VmPath

        $rows | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9 | Should -HaveCount $rows.Count
    }

    It 'changes nothing with -WhatIf' {
        $vms | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9 -WhatIf | Should -BeNullOrEmpty

        Get-HostsFile $vms[0] | Should -Be $before
    }

    It 'names a VM that is not reached and goes on with the rest' {
        $dead = $vms[0] | Select-Object Name, Address, SshHost, User, KeyFile, KnownHostsFile | Add-Member SshPort 9 -PassThru

        $records = $dead, $vms[1] | Add-VmHostRecord -HostName a.example -IPAddress 127.19.9.9 -ErrorVariable failed -ErrorAction SilentlyContinue

        $records.VmName | Should -Be $vms[1].Name
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'VmUnreachable,*'
        $failed[0].TargetObject.Name | Should -Be $vms[0].Name
    }

    It 'has help with examples' {
        (Get-Help Add-VmHostRecord).Synopsis | Should -BeLike 'Lets VMs resolve*'
        (Get-Help Add-VmHostRecord -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
