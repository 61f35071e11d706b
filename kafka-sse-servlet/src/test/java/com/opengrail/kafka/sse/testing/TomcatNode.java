package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.ha.ClusterManager;
import org.apache.catalina.ha.tcp.SimpleTcpCluster;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.tribes.Channel;
import org.apache.catalina.tribes.group.GroupChannel;
import org.apache.catalina.tribes.group.interceptors.StaticMembershipInterceptor;
import org.apache.catalina.tribes.group.interceptors.TcpFailureDetector;
import org.apache.catalina.tribes.membership.StaticMember;
import org.apache.catalina.tribes.transport.nio.NioReceiver;

/** One of two nodes of Tomcat in this process that share the sessions of one application, over the loopback address. */
public final class TomcatNode implements AutoCloseable {
    private static final long HEARTBEAT_MILLIS = 500;

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();
    private final SimpleTcpCluster cluster = new SimpleTcpCluster();

    /**
     * Starts a node with an application at {@code /app}.
     *
     * @param number 0 or 1
     * @param ports the ports on which the nodes talk to each other
     */
    public TomcatNode(int number, int[] ports, ClusterManager sessions, Consumer<ServletContext> setUp)
            throws Exception {
        Path folder = TargetFolders.make("tomcat");
        tomcat.setBaseDir(folder.toString());
        connector.setPort(0);
        tomcat.setConnector(connector);
        tomcat.getEngine().setName("node" + number);
        cluster.setChannel(channel(number, ports));
        // Sends and receives, but looks for no members.
        cluster.setChannelStartOptions(Channel.SND_RX_SEQ | Channel.SND_TX_SEQ);
        // One message after the other: a change that overtakes the beginning of its session is lost.
        cluster.setChannelSendOptions(Channel.SEND_OPTIONS_SYNCHRONIZED_ACK | Channel.SEND_OPTIONS_USE_ACK);
        cluster.setManagerTemplate(sessions);
        tomcat.getEngine().setCluster(cluster);
        StandardContext context = new StandardContext();
        context.setPath("/app");
        context.setDocBase(folder.toString());
        context.setDistributable(true);
        context.setFailCtxIfServletStartFails(true);
        context.addLifecycleListener(new Tomcat.FixContextListener());
        context.addServletContainerInitializer((classes, application) -> setUp.accept(application), null);
        tomcat.getHost().addChild(context);
        tomcat.start();
    }

    /** The members are known from the start: in a test network nobody could be found by asking all. */
    private static GroupChannel channel(int number, int[] ports) throws Exception {
        NioReceiver receiver = new NioReceiver();
        receiver.setAddress("127.0.0.1");
        receiver.setPort(ports[number]);
        receiver.setAutoBind(1);
        StaticMembershipInterceptor members = new StaticMembershipInterceptor();
        members.setLocalMember(member(number, ports));
        members.addStaticMember(member(1 - number, ports));
        GroupChannel channel = new GroupChannel();
        channel.setHeartbeatSleeptime(HEARTBEAT_MILLIS);
        channel.setChannelReceiver(receiver);
        channel.addInterceptor(new TcpFailureDetector());
        channel.addInterceptor(members);
        return channel;
    }

    private static StaticMember member(int number, int[] ports) throws Exception {
        StaticMember member = new StaticMember();
        member.setHost("127.0.0.1");
        member.setPort(ports[number]);
        member.setUniqueId("{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0," + (number + 1) + "}");
        return member;
    }

    /** True once the other node is known. */
    public boolean hasPeer() {
        return cluster.hasMembers();
    }

    /** An address of the node. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (Exception e) {
            throw new IllegalStateException("The node did not stop", e);
        }
    }
}
