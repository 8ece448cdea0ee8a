BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)
}

Describe 'Stop-VmApp' {
    It 'removes the app, and is Unchanged the second time' {
        $null = $vms | Start-VmApp pester example/http_springboot_v1:1.0.1

        ($vms | Stop-VmApp pester).Action | Sort-Object -Unique | Should -Be 'Removed'
        ($vms | Stop-VmApp pester).Action | Sort-Object -Unique | Should -Be 'Unchanged'
        $vms | Get-VmApp pester | Should -BeNullOrEmpty
    }

    It 'stops nothing with -WhatIf' {
        $null = $vms[0] | Start-VmApp pester example/http_springboot_v1:1.0.1

        $vms[0] | Stop-VmApp pester -WhatIf | Should -BeNullOrEmpty

        ($vms[0] | Get-VmApp pester).State | Should -Be 'running'
        $null = $vms[0] | Stop-VmApp pester
    }

    It 'has help with examples' {
        (Get-Help Stop-VmApp).Synopsis | Should -BeLike 'Stops an app*'
        (Get-Help Stop-VmApp -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
