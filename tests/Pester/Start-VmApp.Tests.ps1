BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = @(Get-TestVm)
}

Describe 'Start-VmApp' {
    BeforeEach { $null = $vms | Stop-VmApp pester }
    AfterAll { $null = $vms | Stop-VmApp pester }

    It 'starts each VM with its own image' {
        $apps = $vms | Start-VmApp -Name pester -Image { "example/http_springboot_$($_.Version):1.0.1" }

        $apps.Action | Sort-Object -Unique | Should -Be 'Created'
        $apps.State | Sort-Object -Unique | Should -Be 'running'
        ($apps | Sort-Object VmName).Image | Should -Be ($vms | ForEach-Object { "example/http_springboot_$($_.Version):1.0.1" })
    }

    It 'is Unchanged the second time and Updated with another environment' {
        $null = $vms[0] | Start-VmApp pester example/http_springboot_v1:1.0.1 @{ A = "it's"; B = "two`nlines" }

        ($vms[0] | Start-VmApp pester example/http_springboot_v1:1.0.1 @{ B = "two`nlines"; A = "it's" }).Action | Should -Be 'Unchanged'
        ($vms[0] | Start-VmApp pester example/http_springboot_v1:1.0.1 @{ A = 'else' }).Action | Should -Be 'Updated'
    }

    It 'tells what docker said of an image that is not there' {
        { $vms[0] | Start-VmApp pester no/such:1 -ErrorAction Stop } | Should -Throw '*pull access denied*' -ErrorId 'ContainerFailed,*'
    }

    It 'starts nothing with -WhatIf' {
        $vms | Start-VmApp pester example/http_springboot_v1:1.0.1 -WhatIf | Should -BeNullOrEmpty

        $vms | Get-VmApp pester | Should -BeNullOrEmpty
    }

    It 'has help with examples' {
        (Get-Help Start-VmApp).Synopsis | Should -BeLike 'Runs an app on VMs*'
        (Get-Help Start-VmApp -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
