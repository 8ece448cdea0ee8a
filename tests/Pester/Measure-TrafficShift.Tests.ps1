BeforeAll {
    . $PSScriptRoot/common.ps1
    $vms = Get-TestVm
    $null = $vms[0] | Start-VmApp -Name traffic -Image 'x/http_springboot_v1:1.0.1'
    $uri = "http://$($vms[0].Address):8001/hello/eric"
    $null = Test-MeshPath $uri
}

AfterAll {
    $null = $vms[0] | Stop-VmApp -Name traffic
}

Describe 'Measure-TrafficShift' {
    It 'says how many requests it takes when there are too few' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 100 } -VersionPattern @{ v1 = '^Hello' } -Count 20
        $result.Verdict | Should -Be 'Undecided'
        $result.RequestsNeeded | Should -Be 45
    }
    It 'sends as many as it takes by itself' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 100 } -VersionPattern @{ v1 = '^Hello' }
        $result.Verdict | Should -Be 'Consistent'
        $result.Requests | Should -Be 45
        $result.Latency.P50 | Should -BeGreaterThan ([timespan]::Zero)
    }
    It 'calls a split wrong that is wrong, and shows it in one block' {
        $result = Measure-TrafficShift $uri -Expect ([ordered]@{ v1 = 50; v2 = 50 }) -VersionPattern @{ v1 = '^Hello'; v2 = '^Bonjour' } -Count 50
        $result.Verdict | Should -Be 'Inconsistent'
        $text = $result | Out-String
        $text | Should -Match 'v1\s+50.0 %\s+50\s+100.0 %'
        $text | Should -Match 'Inconsistent: 50 answers do not fit 50:50'
    }
    It 'stops as soon as the split is proved wrong' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 50; v2 = 50 } -VersionPattern @{ v1 = '^Hello'; v2 = '^Bonjour' } -Count 5000 -UntilDecided
        $result.Verdict | Should -Be 'Inconsistent'
        $result.StoppedBy | Should -Be 'Decided'
        $result.DecidedAt | Should -BeLessThan 100
        $result.Requests | Should -BeLessThan 200
    }
    It 'goes on to the end while the split fits' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 100 } -VersionPattern @{ v1 = '^Hello' } -Count 60 -UntilDecided
        $result.Verdict | Should -Be 'Consistent'
        $result.StoppedBy | Should -Be 'Count'
        $result.Requests | Should -Be 60
    }
    It 'says what it looked at when nothing explains the split' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 50; v2 = 50 } -VersionPattern @{ v1 = '^Hello'; v2 = '^Bonjour' } -Count 50
        $result.Diagnosis.Cause | Should -Be 'Unknown'
        $result.Diagnosis.Evidence | Should -Contain 'The answers were v1 100 %.'
        $result | Out-String | Should -Match 'Unknown: What was looked at'
        (Measure-TrafficShift $uri -Expect @{ v1 = 1 } -VersionPattern @{ v1 = '^Hello' }).Diagnosis | Should -BeNullOrEmpty
    }
    It 'runs for a duration given in words' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 1 } -VersionPattern @{ v1 = 'Hello' } -Duration 500ms
        $result.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 0.5
        $result.Requests | Should -BeGreaterThan 0
    }
    It 'sends at a constant rate after warming up' {
        $result = Measure-TrafficShift $uri -Expect @{ v1 = 1 } -VersionPattern @{ v1 = 'Hello' } -Rate 50 -WarmUp 200ms -Count 25
        $result.Requests | Should -Be 25
        $result.Rate | Should -Be 50
        $result.AchievedRate | Should -BeGreaterThan 5
        $result.AchievedRate | Should -BeLessThan 51
        $result.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 0.47
    }
    It 'says whether connections were kept' {
        $arguments = @{ Uri = $uri; Expect = @{ v1 = 1 }; VersionPattern = @{ v1 = 'Hello' }; Count = 20; Concurrency = 4 }
        $kept = Measure-TrafficShift @arguments
        $new = Measure-TrafficShift @arguments -NewConnection
        $kept.ConnectionMode, $kept.ConnectionsOpened, $kept.Protocol | Should -Be 'Kept', 4, 'HTTP/1.1'
        $new.ConnectionMode, $new.ConnectionsOpened, $new.Protocol | Should -Be 'New', 20, 'HTTP/1.1'
    }
    It 'fails over HTTP/2 where only HTTP/1.1 is spoken' {
        { Measure-TrafficShift $uri -Expect @{ v1 = 1 } -VersionPattern @{ v1 = 'x' } -HttpVersion 2 } |
            Should -Throw -ErrorId 'MeasurementFailed,*' -ExpectedMessage '*HTTP/2*'
    }
    It 'gives each version its latency and error rate' {
        $version = (Measure-TrafficShift $uri -Expect @{ v1 = 1 } -VersionPattern @{ v1 = 'Hello' } -Count 20).Versions[0]
        $version.ErrorRate | Should -Be 0
        $version.Latency.P99 | Should -BeGreaterThan ([timespan]::Zero)
    }
    It 'refuses <Arguments> before anything is sent' -ForEach @(
        @{ Arguments = @{ Expect = @{ v1 = 0 } }; Message = '*zero*' }
        @{ Arguments = @{ Expect = @{ v1 = 'many' } }; Message = '*no number*' }
        @{ Arguments = @{ Expect = @{ v7 = 1 } }; Message = "*'v7'*" }
    ) {
        { Measure-TrafficShift $uri -VersionPattern @{ v1 = 'Hello' } @Arguments } |
            Should -Throw -ErrorId 'ArgumentInvalid,*' -ExpectedMessage $Message
    }
    It 'fails where nobody listens' {
        { Measure-TrafficShift "http://$($vms[0].Address):9/" -Expect @{ v1 = 1 } -VersionPattern @{ v1 = 'x' } } |
            Should -Throw -ErrorId 'MeasurementFailed,*' -ExpectedMessage '*Connect*'
    }
}
