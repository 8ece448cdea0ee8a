BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)
}

Describe 'Get-VmApp' {
    BeforeAll { $null = $vms | Start-VmApp pester example/http_springboot_v1:1.0.1 @{ A = '1' } }
    AfterAll { $null = $vms | Stop-VmApp pester }

    It 'shows what runs' {
        $apps = $vms | Get-VmApp pester

        $apps.VmName | Sort-Object | Should -Be ($vms.Name | Sort-Object)
        $apps[0].Environment['A'] | Should -Be '1'
    }

    It 'takes wildcards' {
        $vms | Get-VmApp pest* | Should -HaveCount $vms.Count
        $vms | Get-VmApp nope* | Should -BeNullOrEmpty
    }

    It 'can be piped into Start-VmApp, which has nothing to do' {
        ($vms | Get-VmApp pester | Start-VmApp pester).Action | Sort-Object -Unique | Should -Be 'Unchanged'
    }

    It 'has help with examples' {
        (Get-Help Get-VmApp).Synopsis | Should -BeLike 'Shows the apps*'
        (Get-Help Get-VmApp -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
