BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Export-MeshReport' {
    BeforeEach {
        $report = Join-Path $TestDrive 'report.html'
        Remove-Item $report -ErrorAction Ignore
        # Nothing listens on port 1, so that this needs no mesh.
        $path = Test-MeshPath -Uri 'http://127.0.0.1:1/hello' -TimeoutSec 5
    }

    It 'writes one page and gives its file' {
        $file = $path | Export-MeshReport $report -Title 'Who reaches <whom>'

        $file | Should -BeOfType ([IO.FileInfo])
        $file.FullName | Should -Be $report
        $text = Get-Content $report -Raw
        $text | Should -Match '<title>Who reaches &lt;whom&gt;</title>'
        $text | Should -Match '1 of 1 paths is broken: local to 127\.0\.0\.1:1 at Connect'
        $text | Should -Not -Match '<script|https?://(?!127\.0\.0\.1)'
    }

    It 'gives the file as Get-Item does' {
        ($path | Export-MeshReport $report).PSPath | Should -Be (Get-Item $report).PSPath
    }

    It 'writes nothing with -WhatIf' {
        $path | Export-MeshReport $report -WhatIf | Should -BeNullOrEmpty
        $report | Should -Not -Exist
    }

    It 'leaves a file alone with -NoClobber' {
        Set-Content $report 'mine'
        { $path | Export-MeshReport $report -NoClobber -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectExists,*'
        Get-Content $report | Should -Be 'mine'
        $null = $path | Export-MeshReport $report
        Get-Content $report -TotalCount 1 | Should -Be '<!DOCTYPE html>'
    }

    It 'names what it can not show and shows the rest' {
        $null = $path, (Get-Date) | Export-MeshReport $report -ErrorAction SilentlyContinue -ErrorVariable wrong
        $wrong | Should -HaveCount 1
        "$wrong" | Should -BeLike '*System.DateTime*Test-MeshPath*'
        $report | Should -Exist
    }

    It 'writes the same page whatever the language of the session' -ForEach 'de-DE', 'th-TH', 'ar-SA', 'tr-TR' {
        $before = [cultureinfo]::CurrentCulture
        $null = $path | Export-MeshReport $report
        $here = (Get-Content $report -Raw) -replace '\d{4}-\d\d-\d\d \d\d:\d\d UTC'
        try {
            [cultureinfo]::CurrentCulture = $_
            [cultureinfo]::CurrentCulture.Name | Should -Be $_
            $null = $path | Export-MeshReport $report
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }

        $there = Get-Content $report -Raw
        $there | Should -Match ([DateTime]::UtcNow.ToString('yyyy-', [cultureinfo]::InvariantCulture))
        $there -replace '\d{4}-\d\d-\d\d \d\d:\d\d UTC' | Should -BeExactly $here
    }

    It 'says that no result came in' {
        $null = @() | Export-MeshReport $report
        Get-Content $report -Raw | Should -Match 'No result came in'
    }

    It 'has help with examples' {
        (Get-Help Export-MeshReport).Synopsis | Should -BeLike 'Makes one HTML file*'
        (Get-Help Export-MeshReport -Examples).Examples.Example.Count | Should -BeGreaterOrEqual 2
    }
}
