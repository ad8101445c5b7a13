namespace GpuNets.Peers;

/// <summary>Checks that both sides of a case compute the same, then times them.</summary>
internal static class Comparison
{
    /// <summary>Runs one case on one device. Errors of a case become its report, so that the other cases still run.</summary>
    public static Report Run(PeerCase work, string deviceName, Arguments arguments)
    {
        var report = new Report(work.Name, arguments.Side == Side.Peer ? null : deviceName)
        {
            Bound = work.Bound,
            Mark = work.Mark,
            MarkUs = work.MarkMicroseconds,
            PeerThreads = arguments.Side == Side.Ours ? null : arguments.PeerThreads,
        };
        try
        {
            return arguments.Side == Side.Both ? Both(work, report, deviceName, arguments) : Single(work, report, deviceName, arguments);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return report with { Error = $"{error.GetType().Name}: {error.Message.Split('\n')[0]}" };
        }
    }

    private static Report Both(PeerCase work, Report report, string deviceName, Arguments arguments)
    {
        using var device = GpuNets.Device.Open(deviceName);
        using var ours = work.Ours(device);
        using var peer = work.Peer();
        for (int run = 0; run < work.CheckedRuns; run++)
        {
            ours.Run();
            peer.Run();
        }
        var difference = Difference.Between(ours.Outputs(), peer.Outputs());
        report = report with { MaxRelDiff = difference.Largest, WorstOutput = difference.Output };
        string exactly = "";
        if (!(difference.Largest <= work.Bound) && work.Exact is not null)
        {
            // Who is wrong? The peer's own double precision says.
            using var exact = work.Exact();
            for (int run = 0; run < work.CheckedRuns; run++) exact.Run();
            var (own, peers) = (Difference.Between(ours.Outputs(), exact.Outputs()), Difference.Between(peer.Outputs(), exact.Outputs()));
            exactly = $" From double precision ours differ by {own.Largest:G3} in {own.Output}, the peer's by {peers.Largest:G3} in {peers.Output}.";
            if (own.Largest <= work.Bound && !(peers.Largest <= work.Bound))
                report = report with { MaxRelDiff = (difference = own).Largest, WorstOutput = own.Output, PeerOff = peers.Largest };
        }
        if (!(difference.Largest <= work.Bound))
            return report with { Error = $"Outputs differ by {difference.Largest:G3} in {difference.Output}; the bound is {work.Bound:G3}.{exactly}" };
        var times = Timing.Interleaved([ours, peer], arguments.Batches, arguments.BatchMilliseconds);
        report = WithPeer(WithOurs(report, times[0], work), times[1], work);
        return report with
        {
            Ratio = times[1].Median / times[0].Median,
            CpuRatio = times[0].Processor > 0 ? times[1].Processor / times[0].Processor : null,
        };
    }

    private static Report Single(PeerCase work, Report report, string deviceName, Arguments arguments)
    {
        using var device = arguments.Side == Side.Ours ? GpuNets.Device.Open(deviceName) : null;
        using var side = device is null ? work.Peer() : work.Ours(device);
        var time = Timing.Interleaved([side], arguments.Batches, arguments.BatchMilliseconds)[0];
        return device is null ? WithPeer(report, time, work) : WithOurs(report, time, work);
    }

    private static Report WithOurs(Report report, Timing time, PeerCase work) => report with
    {
        OursMs = time.Median,
        OursP25 = time.Lower,
        OursP75 = time.Upper,
        OursCpuMs = time.Processor,
        OursFaults = time.PageFaults,
        OursUs = PerOperation(time, work),
    };

    private static Report WithPeer(Report report, Timing time, PeerCase work) => report with
    {
        PeerMs = time.Median,
        PeerP25 = time.Lower,
        PeerP75 = time.Upper,
        PeerCpuMs = time.Processor,
        PeerFaults = time.PageFaults,
        PeerUs = PerOperation(time, work),
    };

    private static double? PerOperation(Timing time, PeerCase work) =>
        work.Operations > 1 ? time.Median * 1000 / work.Operations : null;
}
